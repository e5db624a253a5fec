/* A chord as WAV, from there to FLAC and back, which must give its samples; those through Vorbis and through Opus, both
   in Ogg, which must give what is near to them. */
#include <FLAC/stream_decoder.h>
#include <FLAC/stream_encoder.h>
#include <math.h>
#include <ogg/ogg.h>
#include <opus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vorbis/vorbisenc.h>
#include <vorbis/vorbisfile.h>

enum { RATE = 48000, SAMPLES = RATE, FRAME = 960, HEADER = 44 };

static int16_t wave[SAMPLES], from_flac[SAMPLES];
static float decoded[SAMPLES + 8 * FRAME];
static int received;

static void must(int holds, const char *what) {
    if (holds) return;
    printf("failed: %s\n", what);
    exit(1);
}

/* How loud the difference is, against the wave, over what lies in the middle; `shift` is how late it comes. */
static double difference(const float *samples, int shift) {
    double error = 0, loudness = 0;
    for (int i = RATE / 10; i < SAMPLES * 9 / 10; i++) {
        double wanted = wave[i] / 32768.0, found = samples[i + shift];
        error += (wanted - found) * (wanted - found);
        loudness += wanted * wanted;
    }
    return sqrt(error / loudness);
}

static void wav(void) {
    uint8_t header[HEADER] = "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0";
    uint32_t rate = RATE, per_second = 2 * RATE, bytes = 2 * SAMPLES, all = 36 + bytes;

    for (int i = 0; i < SAMPLES; i++) {
        double t = (double)i / RATE;
        wave[i] = (int16_t)(6000 * (sin(t * 2764.6) + sin(t * 3483.2) + sin(t * 4144.7)));
    }
    memcpy(header + 4, &all, 4);
    memcpy(header + 24, &rate, 4);
    memcpy(header + 28, &per_second, 4);
    memcpy(header + 32, "\x02\0\x10\0data", 8);
    memcpy(header + 40, &bytes, 4);
    FILE *file = fopen("a.wav", "wb");
    must(file && fwrite(header, HEADER, 1, file) == 1 && fwrite(wave, bytes, 1, file) == 1 && fclose(file) == 0, "wav");
}

static FLAC__StreamDecoderWriteStatus got(
    const FLAC__StreamDecoder *decoder, const FLAC__Frame *frame, const FLAC__int32 *const buffer[], void *unused
) {
    (void)decoder, (void)unused;
    for (unsigned i = 0; i < frame->header.blocksize && received < SAMPLES; i++) from_flac[received++] = (int16_t)buffer[0][i];
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

static void failed(const FLAC__StreamDecoder *decoder, FLAC__StreamDecoderErrorStatus status, void *unused) {
    (void)decoder, (void)unused;
    must(0, FLAC__StreamDecoderErrorStatusString[status]);
}

static void flac(void) {
    static FLAC__int32 samples[SAMPLES];
    FILE *file = fopen("a.wav", "rb");

    must(file && fseek(file, HEADER, SEEK_SET) == 0 && fread(from_flac, 2, SAMPLES, file) == SAMPLES, "wav is read");
    fclose(file);
    for (int i = 0; i < SAMPLES; i++) samples[i] = from_flac[i];
    memset(from_flac, 0, sizeof from_flac);
    FLAC__StreamEncoder *encoder = FLAC__stream_encoder_new();
    FLAC__stream_encoder_set_channels(encoder, 1);
    FLAC__stream_encoder_set_bits_per_sample(encoder, 16);
    FLAC__stream_encoder_set_sample_rate(encoder, RATE);
    FLAC__stream_encoder_set_verify(encoder, true);
    must(FLAC__stream_encoder_init_file(encoder, "a.flac", NULL, NULL) == FLAC__STREAM_ENCODER_INIT_STATUS_OK &&
             FLAC__stream_encoder_process_interleaved(encoder, samples, SAMPLES) && FLAC__stream_encoder_finish(encoder),
         "flac is written");
    FLAC__stream_encoder_delete(encoder);
    FLAC__StreamDecoder *decoder = FLAC__stream_decoder_new();
    FLAC__stream_decoder_set_md5_checking(decoder, true);
    must(FLAC__stream_decoder_init_file(decoder, "a.flac", got, NULL, failed, NULL) == FLAC__STREAM_DECODER_INIT_STATUS_OK &&
             FLAC__stream_decoder_process_until_end_of_stream(decoder) && FLAC__stream_decoder_finish(decoder),
         "flac is read, and its sum is right");
    FLAC__stream_decoder_delete(decoder);
    printf("flac: %s\n", received == SAMPLES && memcmp(wave, from_flac, sizeof wave) == 0 ? "the same" : "something else");
}

static void write_pages(FILE *file, ogg_stream_state *stream, int all) {
    ogg_page page;
    while (all ? ogg_stream_flush(stream, &page) : ogg_stream_pageout(stream, &page)) {
        must(fwrite(page.header, page.header_len, 1, file) == 1 && fwrite(page.body, page.body_len, 1, file) == 1, "a page");
    }
}

static void vorbis(void) {
    vorbis_info info;
    vorbis_comment comment;
    vorbis_dsp_state state;
    vorbis_block block;
    ogg_stream_state stream;
    ogg_packet packets[3], packet;
    FILE *file = fopen("a.ogg", "wb");

    vorbis_info_init(&info);
    must(vorbis_encode_init_vbr(&info, 1, RATE, 0.8f) == 0, "vorbis_encode_init_vbr");
    vorbis_comment_init(&comment);
    vorbis_analysis_init(&state, &info);
    vorbis_block_init(&state, &block);
    ogg_stream_init(&stream, 7);
    vorbis_analysis_headerout(&state, &comment, &packets[0], &packets[1], &packets[2]);
    for (int i = 0; i < 3; i++) ogg_stream_packetin(&stream, &packets[i]);
    write_pages(file, &stream, 1);
    for (int at = 0; at <= SAMPLES; at += FRAME) {
        float **into = vorbis_analysis_buffer(&state, FRAME);
        int count = at < SAMPLES ? FRAME : 0; /* none: it is the end */
        for (int i = 0; i < count; i++) into[0][i] = (float)wave[at + i] / 32768;
        vorbis_analysis_wrote(&state, count);
        while (vorbis_analysis_blockout(&state, &block) == 1) {
            vorbis_analysis(&block, NULL);
            vorbis_bitrate_addblock(&block);
            while (vorbis_bitrate_flushpacket(&state, &packet)) ogg_stream_packetin(&stream, &packet);
        }
        write_pages(file, &stream, 0);
    }
    write_pages(file, &stream, 1);
    fclose(file);
    ogg_stream_clear(&stream);
    vorbis_block_clear(&block);
    vorbis_dsp_clear(&state);
    vorbis_comment_clear(&comment);
    vorbis_info_clear(&info);

    OggVorbis_File opened;
    float **found;
    int at = 0, link;
    long count;
    must(ov_fopen("a.ogg", &opened) == 0 && ov_pcm_total(&opened, -1) == SAMPLES, "ogg is opened");
    while ((count = ov_read_float(&opened, &found, FRAME, &link)) > 0) {
        memcpy(decoded + at, found[0], count * sizeof **found);
        at += count;
    }
    must(count == 0 && at == SAMPLES, "ogg is read");
    ov_clear(&opened);
    double wrong = difference(decoded, 0);
    printf("vorbis: %s\n", wrong > 0 && wrong < 0.05 ? "sounds like it" : "something else");
}

static void opus(void) {
    static uint8_t bytes[4000];
    static float frame[FRAME];
    int error, late, at = 0;
    ogg_stream_state out, in;
    ogg_sync_state sync;
    ogg_page page;
    ogg_packet packet = {0};
    FILE *file = fopen("a.opus", "wb+");
    OpusEncoder *encoder = opus_encoder_create(RATE, 1, OPUS_APPLICATION_AUDIO, &error);

    must(error == OPUS_OK && opus_encoder_ctl(encoder, OPUS_SET_BITRATE(160000)) == OPUS_OK &&
             opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(&late)) == OPUS_OK,
         "opus_encoder_create");
    ogg_stream_init(&out, 8);
    for (int start = 0; start < SAMPLES + FRAME; start += FRAME) {
        for (int i = 0; i < FRAME; i++) frame[i] = start < SAMPLES ? (float)wave[start + i] / 32768 : 0;
        packet.bytes = opus_encode_float(encoder, frame, FRAME, bytes, sizeof bytes);
        must(packet.bytes > 0, "opus_encode_float");
        packet.packet = bytes;
        packet.b_o_s = start == 0;
        packet.e_o_s = start >= SAMPLES;
        packet.granulepos = start + FRAME;
        ogg_stream_packetin(&out, &packet);
        packet.packetno++;
        write_pages(file, &out, packet.e_o_s);
    }
    opus_encoder_destroy(encoder);
    ogg_stream_clear(&out);
    rewind(file);

    OpusDecoder *decoder = opus_decoder_create(RATE, 1, &error);
    must(error == OPUS_OK, "opus_decoder_create");
    ogg_sync_init(&sync);
    ogg_stream_init(&in, 8);
    for (;;) {
        long size = fread(ogg_sync_buffer(&sync, 4096), 1, 4096, file);
        if (size == 0) break;
        ogg_sync_wrote(&sync, size);
        while (ogg_sync_pageout(&sync, &page) == 1) {
            must(ogg_stream_pagein(&in, &page) == 0, "a page is read");
            while (ogg_stream_packetout(&in, &packet) == 1) {
                must(at + FRAME <= (int)(sizeof decoded / sizeof *decoded), "too much of it");
                must(opus_decode_float(decoder, packet.packet, packet.bytes, decoded + at, FRAME, 0) == FRAME, "a packet");
                at += FRAME;
            }
        }
    }
    must(at == SAMPLES + FRAME, "opus is read");
    opus_decoder_destroy(decoder);
    ogg_stream_clear(&in);
    ogg_sync_clear(&sync);
    fclose(file);
    double wrong = difference(decoded, late);
    printf("opus: %s\n", wrong > 0 && wrong < 0.1 ? "sounds like it" : "something else");
}

int main(void) {
    wav();
    flac();
    vorbis();
    opus();
}
