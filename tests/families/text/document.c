/* A document is converted by libiconv, and not by libc's iconv, and parsed by libxml2 in that encoding; written by libxml2
   through zlib, and unpacked by zlib alone and by libxml2; and packed and unpacked by liblzma. Its text is always the same. */
#include <iconv.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { ROOM = 1 << 16 };

#ifndef _LIBICONV_VERSION
#error "this <iconv.h> is libc's"
#endif

static const char *TEXT = "Příliš žluťoučký kůň";
static char bytes[ROOM], again[ROOM];

static void must(int holds, const char *what) {
    if (holds) return;
    printf("failed: %s\n", what);
    exit(1);
}

static int has_text(xmlDocPtr document) {
    must(document != NULL, "it is no document");
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    xmlXPathObjectPtr found = xmlXPathEvalExpression(BAD_CAST "string(/letter/line[@n='2'])", context);
    int same = found && strcmp((const char *)found->stringval, TEXT) == 0;
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return same;
}

static int written(const char *encoding, char *into) {
    return snprintf(into, ROOM, "<?xml version='1.0' encoding='%s'?>\n<letter><line n='1'>-</line><line n='2'>%s</line></letter>\n",
                    encoding, TEXT);
}

/* Converted by libiconv; -1 where the encoding has not all characters. */
static long convert(const char *encoding) {
    static char utf8[ROOM];
    size_t left = written(encoding, utf8), room = ROOM;
    char *from = utf8, *to = bytes;
    iconv_t converter = iconv_open(encoding, "UTF-8");

    must(converter != (void *)-1, encoding);
    size_t done = iconv(converter, &from, &left, &to, &room);
    iconv_close(converter);
    return done == (size_t)-1 ? -1 : to - bytes;
}

int main(void) {
    static const char *encodings[] = {"ISO-8859-2", "KOI8-R", "UTF-16LE", "UTF-32BE"};

    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        long size = convert(encodings[i]);
        if (size >= 0) {
            xmlDocPtr document = xmlReadMemory(bytes, size, "letter.xml", encodings[i], 0);
            printf("%s: %s\n", encodings[i], has_text(document) ? "the same" : "something else");
            xmlFreeDoc(document);
        } else {
            printf("%s: refused\n", encodings[i]);
        }
    }

    int size = written("UTF-8", bytes);
    xmlDocPtr document = xmlReadMemory(bytes, size, "letter.xml", NULL, 0);
    xmlSetDocCompressMode(document, 9);
    must(xmlSaveFile("document.xml.gz", document) > 0, "it is written");
    xmlFreeDoc(document);
    gzFile file = gzopen("document.xml.gz", "rb");
    must(file && gzdirect(file) == 0, "it is not packed");
    int unpacked = gzread(file, again, ROOM);
    gzclose(file);
    document = xmlReadMemory(again, unpacked, "letter.xml", NULL, 0);
    int same = has_text(document);
    xmlFreeDoc(document);
    document = xmlReadFile("document.xml.gz", NULL, XML_PARSE_UNZIP);
    printf("gzip: %s\n", same && has_text(document) ? "the same" : "something else");
    xmlFreeDoc(document);

    size_t packed = 0, from = 0, to = 0;
    uint64_t limit = UINT64_MAX;
    must(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, (uint8_t *)bytes, size, (uint8_t *)again, &packed, ROOM) == LZMA_OK,
         "xz");
    memset(bytes, 0, ROOM);
    must(lzma_stream_buffer_decode(&limit, 0, NULL, (uint8_t *)again, &from, packed, (uint8_t *)bytes, &to, ROOM) == LZMA_OK,
         "xz again");
    document = xmlReadMemory(bytes, to, "letter.xml", NULL, 0);
    printf("xz: %s\n", has_text(document) ? "the same" : "something else");
    xmlFreeDoc(document);
}
