/* Compresses or decompresses a file in pieces: zpipe c|d INPUT OUTPUT */
#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { PIECE = 16384 };

static unsigned char in[PIECE], out[PIECE];

/* Pump `input` through a stream. Returns a zlib status. */
static int pump(FILE *input, FILE *output, z_stream *stream, int (*step)(z_stream *, int), uLong *crc, int plain_in) {
    int status = Z_OK;
    while (status != Z_STREAM_END) {
        if (stream->avail_in == 0) {
            stream->next_in = in;
            stream->avail_in = fread(in, 1, PIECE, input);
            if (plain_in)
                *crc = crc32(*crc, in, stream->avail_in);
        }
        stream->next_out = out;
        stream->avail_out = PIECE;
        status = step(stream, feof(input) ? Z_FINISH : Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            return status;
        size_t made = PIECE - stream->avail_out;
        if (status == Z_BUF_ERROR && made == 0 && stream->avail_in == 0 && feof(input))
            return Z_DATA_ERROR; /* the input ends too early */
        fwrite(out, 1, made, output);
        if (!plain_in)
            *crc = crc32(*crc, out, made);
    }
    return Z_OK;
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "version") == 0) {
        printf("zlib %s\n", zlibVersion());
        return 0;
    }
    if (argc != 4 || (strcmp(argv[1], "c") != 0 && strcmp(argv[1], "d") != 0)) {
        fprintf(stderr, "usage: %s c|d INPUT OUTPUT\n", argv[0]);
        return 64;
    }
    FILE *input = fopen(argv[2], "rb"), *output = fopen(argv[3], "wb");
    if (input == NULL || output == NULL) {
        perror(input == NULL ? argv[2] : argv[3]);
        return 1;
    }
    int compressing = argv[1][0] == 'c';
    z_stream stream = {0};
    int status = compressing ? deflateInit(&stream, Z_BEST_COMPRESSION) : inflateInit(&stream);
    uLong crc = crc32(0, Z_NULL, 0);
    if (status == Z_OK)
        status = pump(input, output, &stream, compressing ? deflate : inflate, &crc, compressing);
    if (status != Z_OK) {
        fprintf(stderr, "%s: %s: %s\n", argv[0], argv[2], stream.msg != NULL ? stream.msg : zError(status));
        return 1;
    }
    printf("%lu -> %lu bytes, crc32 %08lx\n", stream.total_in, stream.total_out, crc);
    compressing ? deflateEnd(&stream) : inflateEnd(&stream);
    return fclose(output) == 0 ? 0 : 1;
}
