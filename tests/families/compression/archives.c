/* A tar archive goes through each of libarchive's filters, is read again by libarchive, and is unpacked by the library
   of the format alone, which gives the very tar archive. */
#include <archive.h>
#include <archive_entry.h>
#include <bzlib.h>
#include <lz4frame.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

enum { ROOM = 1 << 20, TEXT = 200000 };

static char text[TEXT], plain[ROOM], packed[ROOM], unpacked[ROOM];

static void must(int holds, const char *what) {
    if (holds) return;
    printf("failed: %s\n", what);
    exit(1);
}

/* The archive in `into`, packed by a filter unless it is NULL: its size. */
static size_t write_archive(const char *filter, char *into) {
    size_t used = 0;
    struct archive *archive = archive_write_new();
    struct archive_entry *entry = archive_entry_new();

    int added = filter ? archive_write_add_filter_by_name(archive, filter) : archive_write_add_filter_none(archive);
    must(added == ARCHIVE_OK, archive_error_string(archive));
    must(archive_write_set_format_ustar(archive) == ARCHIVE_OK, "ustar");
    archive_write_set_bytes_in_last_block(archive, 1);
    must(archive_write_open_memory(archive, into, ROOM, &used) == ARCHIVE_OK, "open");
    archive_entry_set_pathname(entry, "text");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, TEXT);
    must(archive_write_header(archive, entry) == ARCHIVE_OK, archive_error_string(archive));
    must(archive_write_data(archive, text, TEXT) == TEXT, archive_error_string(archive));
    must(archive_write_close(archive) == ARCHIVE_OK, archive_error_string(archive));
    archive_entry_free(entry);
    archive_write_free(archive);
    return used;
}

static void read_archive(const char *bytes, size_t size) {
    static char read[TEXT + 1];
    struct archive_entry *entry;
    struct archive *archive = archive_read_new();

    archive_read_support_filter_all(archive);
    archive_read_support_format_all(archive);
    must(archive_read_open_memory(archive, bytes, size) == ARCHIVE_OK, archive_error_string(archive));
    must(archive_read_next_header(archive, &entry) == ARCHIVE_OK, archive_error_string(archive));
    must(strcmp(archive_entry_pathname(entry), "text") == 0, "the name in the archive");
    must(archive_read_data(archive, read, sizeof read) == TEXT && memcmp(read, text, TEXT) == 0, "the text in the archive");
    archive_read_free(archive);
}

static size_t by_zlib(size_t size) {
    z_stream stream = {.next_in = (Bytef *)packed, .avail_in = size, .next_out = (Bytef *)unpacked, .avail_out = ROOM};
    must(inflateInit2(&stream, 15 + 16) == Z_OK && inflate(&stream, Z_FINISH) == Z_STREAM_END, "inflate");
    inflateEnd(&stream);
    return stream.total_out;
}

static size_t by_bzip2(size_t size) {
    unsigned room = ROOM;
    must(BZ2_bzBuffToBuffDecompress(unpacked, &room, packed, size, 0, 0) == BZ_OK, "bzip2");
    return room;
}

static size_t by_lzma(size_t size) {
    uint64_t limit = UINT64_MAX;
    size_t in = 0, out = 0;
    must(lzma_stream_buffer_decode(&limit, 0, NULL, (uint8_t *)packed, &in, size, (uint8_t *)unpacked, &out, ROOM) == LZMA_OK,
         "lzma");
    return out;
}

static size_t by_zstd(size_t size) {
    ZSTD_DCtx *context = ZSTD_createDCtx();
    ZSTD_inBuffer in = {packed, size, 0};
    ZSTD_outBuffer out = {unpacked, ROOM, 0};
    must(ZSTD_decompressStream(context, &out, &in) == 0, "zstd");
    ZSTD_freeDCtx(context);
    return out.pos;
}

static size_t by_lz4(size_t size) {
    LZ4F_dctx *context;
    size_t in = 0, out = 0;
    must(!LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)), "lz4");
    while (in < size) {
        size_t taken = size - in, made = ROOM - out;
        must(!LZ4F_isError(LZ4F_decompress(context, unpacked + out, &made, packed + in, &taken, NULL)), "lz4");
        in += taken;
        out += made;
    }
    LZ4F_freeDecompressionContext(context);
    return out;
}

int main(void) {
    static const struct {
        const char *filter;
        size_t (*unpack)(size_t size);
    } formats[] = {{"gzip", by_zlib}, {"bzip2", by_bzip2}, {"xz", by_lzma}, {"zstd", by_zstd}, {"lz4", by_lz4}};

    for (int i = 0; i < TEXT; i++) text[i] = "a word, and another word; "[(i + i / 1000) % 26];
    size_t size = write_archive(NULL, plain);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t packed_size = write_archive(formats[i].filter, packed);
        must(packed_size < size / 10, "it is no smaller");
        read_archive(packed, packed_size);
        size_t unpacked_size = formats[i].unpack(packed_size);
        must(unpacked_size > TEXT && unpacked_size <= size && memcmp(plain, unpacked, unpacked_size) == 0, formats[i].filter);
        printf("%s: the same\n", formats[i].filter);
    }
}
