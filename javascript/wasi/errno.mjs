// WASI's error numbers, and the error that becomes one.

export const E = /** @type {const} */ ({
  AGAIN: 6, BADF: 8, EXIST: 20, FAULT: 21, FBIG: 22, ILSEQ: 25, INVAL: 28, IO: 29, ISDIR: 31, LOOP: 32, MFILE: 33,
  NAMETOOLONG: 37, NOENT: 44, NOSPC: 51, NOSYS: 52, NOTDIR: 54, NOTEMPTY: 55, NOTSOCK: 57, NOTSUP: 58, PERM: 63,
  PIPE: 64, SPIPE: 70,
});

/** Raised inside, returned to the guest. */
export class WasiError extends Error {
  /** @param {number} errno */
  constructor(errno) {
    super(`errno ${errno}`);
    this.errno = errno;
  }
}

/** @param {keyof typeof E} name @returns {never} */
export function fail(name) {
  throw new WasiError(E[name]);
}
