// The functions of WASI preview 1, on files in memory: Node and browsers answer alike, and nothing of the machine is
// seen. docs/javascript.md says why it is our own.

import { access } from "./access.mjs";
import { poll, timeOf } from "./clock.mjs";
import { Descriptors, FLAG, OpenDirectory, OpenFile, Stream } from "./descriptors.mjs";
import { E, fail, WasiError } from "./errno.mjs";
import { Directory, File, Link, now, walk } from "./tree.mjs";

/**
 * @typedef {object} World What a program may see.
 * @property {string[]} args the first is its own name
 * @property {Record<string, string>} env
 * @property {[string, Directory][]} directories (name in the program, directory)
 * @property {import("./tree.mjs").Quota | null} quota
 * @property {boolean} terminal whether the streams are one
 * @property {(size: number) => Uint8Array} stdin waits; nothing is the end
 * @property {(data: Uint8Array) => void} stdout
 * @property {(data: Uint8Array) => void} stderr
 * @property {(status: number) => never} exit
 */

const CREATE = 1, ONLY_DIRECTORY = 2, EXCLUSIVE = 4, TRUNCATE = 8; // of path_open
const FOLLOW = 1;
const RANDOM_BYTES = 65536;
const encoder = new TextEncoder();

/**
 * The functions, by name; `memory` gives the one that they work on.
 * @param {World} world
 * @param {() => WebAssembly.Memory} memory
 * @returns {Record<string, Function>}
 */
export function wasi(world, memory) {
  const preopened = world.directories.map(([name, directory]) => new OpenDirectory(directory, name));
  const { stdin: read, stdout, stderr, terminal } = world;
  const streams = [{ read, terminal }, { write: stdout, terminal }, { write: stderr, terminal }];
  const descriptors = new Descriptors([...streams.map((end) => new Stream(end)), ...preopened]);

  const { view, bytes, set32, set64, path, vectors, readInto, joined, putTexts, putSizes } = access(memory);
  /** @param {number} fd @param {number} at @param {number} size @param {boolean} follow */
  const find = (fd, at, size, follow) => walk(descriptors.directory(fd).directory, path(at, size), follow);
  /** What is there: as `find`. @param {number} fd @param {number} at @param {number} size @param {boolean} follow */
  const existing = (fd, at, size, follow) => {
    const found = find(fd, at, size, follow);
    return { ...found, node: found.node ?? fail("NOENT") };
  };
  /** @param {bigint} offset */
  const asOffset = (offset) => (offset < 0n || offset > BigInt(Number.MAX_SAFE_INTEGER) ? fail("INVAL") : Number(offset));

  const environment = Object.entries(world.env).map(([name, value]) => `${name}=${value}`);

  /** @param {number} at @param {import("./tree.mjs").Node | null} node @param {number} type */
  function putStat(at, node, type) {
    const to = bytes(at, 64).fill(0);
    const stat = new DataView(to.buffer, to.byteOffset, 64);
    stat.setUint8(16, type);
    if (!node) return;
    stat.setBigUint64(0, 1n, true);
    const numbers = [[8, node.inode], [24, BigInt(node.links)], [32, BigInt(node.size)], [40, node.accessed], [48, node.modified], [56, node.changed]];
    for (const [place, value] of numbers) stat.setBigUint64(Number(place), BigInt(value), true);
  }
  /** @param {import("./tree.mjs").Node} node @param {bigint} accessed @param {bigint} modified @param {number} flags */
  function setTimes(node, accessed, modified, flags) {
    if ((flags & 3) === 3 || (flags & 12) === 12) fail("INVAL");
    const time = now();
    if (flags & 3) node.accessed = flags & 2 ? time : BigInt.asUintN(64, accessed);
    if (flags & 12) node.modified = flags & 8 ? time : BigInt.asUintN(64, modified);
    node.changed = time;
  }
  /** @param {import("./descriptors.mjs").Open} open */
  const nodeOf = (open) => (open instanceof OpenFile ? open.file : open instanceof OpenDirectory ? open.directory : null);

  /** Remove a name; `kind` says what it must be. @param {{parent: Directory, name: string | null, node: import("./tree.mjs").Node}} found */
  function unlink({ parent, name, node }) {
    if (name === null) fail("INVAL");
    parent.remove(name);
    node.links -= 1;
    node.changed = now();
  }

  /** @type {Record<string, (...given: any[]) => number | void>} */
  const functions = {
    args_get: (list, at) => putTexts(world.args, list, at),
    args_sizes_get: (count, size) => putSizes(world.args, count, size),
    environ_get: (list, at) => putTexts(environment, list, at),
    environ_sizes_get: (count, size) => putSizes(environment, count, size),

    clock_res_get(id, at) {
      set64(at, id === 0 ? 1_000_000n : id === 1 ? 1000n : fail("BADF"));
    },
    clock_time_get(id, _precision, at) {
      set64(at, timeOf(id));
    },
    poll_oneoff(list, events, count, done) {
      if (count === 0) fail("INVAL");
      const ready = poll(view(), list >>> 0, count, descriptors);
      ready.forEach(({ user, type, errno, size }, index) => {
        const at = (events >>> 0) + 32 * index;
        bytes(at, 32).fill(0);
        set64(at, user);
        view().setUint16(at + 8, errno, true);
        view().setUint8(at + 10, type);
        set64(at + 16, size);
      });
      set32(done, ready.length);
    },
    sched_yield() {},
    random_get(at, size) {
      const whole = bytes(at, size);
      for (let start = 0; start < whole.length; start += RANDOM_BYTES) {
        crypto.getRandomValues(whole.subarray(start, start + RANDOM_BYTES));
      }
    },
    proc_exit: (status) => world.exit(status),
    proc_raise: () => E.NOSYS,

    fd_advise(fd) {
      descriptors.file(fd);
    },
    fd_allocate(fd, offset, size) {
      const { file } = descriptors.file(fd);
      const end = asOffset(offset) + asOffset(size);
      if (end > file.size) file.resize(end);
    },
    fd_close: (fd) => descriptors.close(fd),
    fd_datasync(fd) {
      descriptors.get(fd);
    },
    fd_sync(fd) {
      descriptors.get(fd);
    },
    fd_fdstat_get(fd, at) {
      const open = descriptors.get(fd);
      bytes(at, 24).fill(0);
      view().setUint8(at >>> 0, open.type);
      view().setUint16((at >>> 0) + 2, open.flags, true);
      set64(at + 8, open.rights);
      set64(at + 16, open instanceof OpenDirectory ? (1n << 29n) - 1n : 0n);
    },
    fd_fdstat_set_flags(fd, flags) {
      const open = descriptors.get(fd);
      if (flags & ~(FLAG.append | FLAG.nonblock)) fail("INVAL");
      open.flags = flags;
    },
    fd_fdstat_set_rights: () => E.NOTSUP,
    fd_filestat_get(fd, at) {
      const open = descriptors.get(fd);
      putStat(at, nodeOf(open), open.type);
    },
    fd_filestat_set_size(fd, size) {
      const open = descriptors.file(fd);
      if (!(open.rights & 64n)) fail("INVAL");
      open.file.resize(asOffset(size));
    },
    fd_filestat_set_times(fd, accessed, modified, flags) {
      setTimes(nodeOf(descriptors.get(fd)) ?? fail("BADF"), accessed, modified, flags);
    },
    fd_pread(fd, list, count, offset, done) {
      const open = descriptors.file(fd);
      const start = asOffset(offset);
      set32(done, readInto(list, count, (size, before) => open.read(size, start + before)));
    },
    fd_pwrite(fd, list, count, offset, done) {
      const open = descriptors.file(fd);
      set32(done, open.write(joined(list, count), asOffset(offset)));
    },
    fd_read(fd, list, count, done) {
      const open = descriptors.get(fd);
      if (open instanceof OpenDirectory) fail("ISDIR");
      if (open instanceof Stream) {
        let total = 0; // one call: what there is, it returns
        for (const part of vectors(list, count)) {
          if (part.length === 0) continue;
          const data = open.read(part.length);
          part.set(data);
          total = data.length;
          break;
        }
        return set32(done, total);
      }
      const total = readInto(list, count, (size, before) => open.read(size, open.offset + before));
      open.offset += total;
      return set32(done, total);
    },
    fd_write(fd, list, count, done) {
      const open = descriptors.get(fd);
      if (open instanceof OpenDirectory) fail("BADF");
      const data = joined(list, count);
      if (open instanceof OpenFile) {
        if (open.flags & FLAG.append) open.offset = open.file.size;
        open.write(data);
        open.offset += data.length;
      } else {
        open.write(data);
      }
      set32(done, data.length);
    },
    fd_prestat_get(fd, at) {
      const open = descriptors.get(fd);
      if (!(open instanceof OpenDirectory) || open.preopened === null) fail("BADF");
      set32(at, 0);
      set32(at + 4, encoder.encode(open.preopened).length);
    },
    fd_prestat_dir_name(fd, at, size) {
      const open = descriptors.directory(fd);
      const name = encoder.encode(open.preopened ?? fail("BADF"));
      if (name.length > size >>> 0) fail("NAMETOOLONG");
      bytes(at, name.length).set(name);
    },
    fd_readdir(fd, at, size, cookie, done) {
      const open = descriptors.directory(fd);
      // What is made or removed meanwhile moves nothing.
      if (cookie === 0n) open.listed = [[".", open.directory], ["..", open.directory.parent], ...open.directory.entries];
      const to = bytes(at, size);
      let used = 0;
      for (let index = Number(cookie); index < open.listed.length && used < to.length; index += 1) {
        const [name, node] = open.listed[index];
        const encoded = encoder.encode(name);
        const entry = new Uint8Array(24 + encoded.length);
        const header = new DataView(entry.buffer);
        header.setBigUint64(0, BigInt(index + 1), true);
        header.setBigUint64(8, node.inode, true);
        header.setUint32(16, encoded.length, true);
        header.setUint8(20, node.type);
        entry.set(encoded, 24);
        const part = entry.subarray(0, to.length - used);
        to.set(part, used);
        used += part.length;
      }
      set32(done, used);
    },
    fd_renumber: (from, to) => descriptors.move(from, to),
    fd_seek(fd, offset, whence, at) {
      const open = descriptors.file(fd);
      const start = whence === 0 ? 0 : whence === 1 ? open.offset : whence === 2 ? open.file.size : fail("INVAL");
      open.offset = asOffset(BigInt(start) + offset);
      set64(at, BigInt(open.offset));
    },
    fd_tell(fd, at) {
      set64(at, BigInt(descriptors.file(fd).offset));
    },

    path_create_directory(fd, at, size) {
      const { parent, name, node } = find(fd, at, size, false);
      if (node || name === null) fail("EXIST");
      parent.add(name, new Directory());
      parent.links += 1;
    },
    path_filestat_get(fd, flags, at, size, to) {
      const { node } = existing(fd, at, size, Boolean(flags & FOLLOW));
      putStat(to, node, node.type);
    },
    path_filestat_set_times(fd, flags, at, size, accessed, modified, which) {
      setTimes(existing(fd, at, size, Boolean(flags & FOLLOW)).node, accessed, modified, which);
    },
    path_link(fd, flags, at, size, to, toAt, toSize) {
      if (flags & FOLLOW) fail("INVAL");
      const { node } = existing(fd, at, size, false);
      const place = find(to, toAt, toSize, false);
      if (place.node || place.name === null) fail("EXIST");
      if (node instanceof Directory) fail("PERM");
      if (place.wantsDirectory) fail("NOENT");
      place.parent.add(place.name, node);
      node.links += 1;
      node.changed = now();
    },
    path_open(fd, lookup, at, size, oflags, rights, _inheriting, flags, to) {
      const exclusive = Boolean(oflags & EXCLUSIVE && oflags & CREATE);
      const found = find(fd, at, size, Boolean(lookup & FOLLOW) && !exclusive);
      const opened = descriptors.add(() => {
        let { node } = found;
        const { parent, name, wantsDirectory } = found;
        if (node && exclusive) fail("EXIST");
        if (!node) {
          if (!(oflags & CREATE)) fail("NOENT");
          if (name === null || wantsDirectory) fail("ISDIR");
          if (oflags & ONLY_DIRECTORY) fail("INVAL");
          parent.add(name, (node = new File(undefined, world.quota)));
          /** @type {File} */ (node).dirty = true;
        }
        if (node instanceof Link) fail("LOOP");
        if (node instanceof Directory) {
          if (oflags & (CREATE | TRUNCATE) || (rights & 64n && !(oflags & ONLY_DIRECTORY))) fail("ISDIR");
          return new OpenDirectory(node);
        }
        if (oflags & ONLY_DIRECTORY) fail("NOTDIR");
        const file = /** @type {File} */ (node);
        if (oflags & TRUNCATE) file.resize(0);
        return new OpenFile(file, rights, flags & (FLAG.append | FLAG.nonblock));
      });
      set32(to, opened);
    },
    path_readlink(fd, at, size, to, room, done) {
      const { node } = existing(fd, at, size, false);
      if (!(node instanceof Link)) fail("INVAL");
      const target = encoder.encode(node.target).subarray(0, room >>> 0);
      bytes(to, target.length).set(target);
      set32(done, target.length);
    },
    path_remove_directory(fd, at, size) {
      const found = existing(fd, at, size, false);
      if (!(found.node instanceof Directory)) fail("NOTDIR");
      if (found.node.entries.size) fail("NOTEMPTY");
      unlink(found);
      found.parent.links -= 1;
    },
    path_rename(fd, at, size, to, toAt, toSize) {
      const from = existing(fd, at, size, false);
      const place = find(to, toAt, toSize, false);
      if (from.name === null || place.name === null) fail("INVAL");
      if (from.node === place.node) return;
      if (from.node instanceof Directory) {
        if (place.node && !(place.node instanceof Directory)) fail("NOTDIR");
        if (place.node instanceof Directory && place.node.entries.size) fail("NOTEMPTY");
        if (inside(from.node, place.parent)) fail("INVAL");
      } else if (place.node instanceof Directory) {
        fail("ISDIR");
      } else if (place.wantsDirectory) {
        fail("NOTDIR");
      }
      if (place.node) unlink({ ...place, node: place.node });
      from.parent.remove(from.name);
      place.parent.add(place.name, from.node);
      from.node.changed = now();
    },
    path_symlink(at, size, fd, to, toSize) {
      const target = path(at, size);
      if (target.startsWith("/")) fail("PERM");
      const place = find(fd, to, toSize, false);
      if (place.node || place.name === null) fail("EXIST");
      if (target === "" || place.wantsDirectory) fail("NOENT");
      place.parent.add(place.name, new Link(target));
    },
    path_unlink_file(fd, at, size) {
      const found = existing(fd, at, size, false);
      if (found.node instanceof Directory) fail("ISDIR");
      unlink(found);
    },

    sock_accept: (fd) => notSocket(fd),
    sock_recv: (fd) => notSocket(fd),
    sock_send: (fd) => notSocket(fd),
    sock_shutdown: (fd) => notSocket(fd),
  };
  /** @param {number} fd */
  function notSocket(fd) {
    descriptors.get(fd);
    return E.NOTSOCK;
  }
  return Object.fromEntries(Object.entries(functions).map(([name, act]) => [name, returning(act)]));
}

/** What goes wrong as a number. @param {(...given: any[]) => number | void} act */
function returning(act) {
  return (/** @type {any[]} */ ...given) => {
    try {
      return act(...given) ?? 0;
    } catch (error) {
      if (error instanceof WasiError) return error.errno;
      if (error instanceof TypeError && /decode|encoded/i.test(error.message)) return E.ILSEQ;
      if (error instanceof RangeError && !/call stack/i.test(error.message)) return E.FAULT;
      throw error;
    }
  };
}

/** @param {Directory} directory @param {Directory} other @returns {boolean} */
function inside(directory, other) {
  if (directory === other) return true;
  return [...directory.entries.values()].some((node) => node instanceof Directory && inside(node, other));
}
