/* Requests and responses, in pieces of every size: what is told of them does not depend on where they are cut. */
#include <llhttp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char told[4096];

static int tell(const char *what, const char *at, size_t length) {
    size_t end = strlen(told);
    size_t kind = strlen(what);

    if (end && what[0] != '.' && strncmp(strrchr(told, '<'), what, kind) == 0)
        ; /* one more piece of the same */
    else
        strcat(told, what);
    strncat(told, at, length);
    return 0;
}

static int on_url(llhttp_t *parser, const char *at, size_t length) {
    (void)parser;
    return tell("<url>", at, length);
}

static int on_status(llhttp_t *parser, const char *at, size_t length) {
    (void)parser;
    return tell("<status>", at, length);
}

static int on_field(llhttp_t *parser, const char *at, size_t length) {
    (void)parser;
    return tell("<field>", at, length);
}

static int on_value(llhttp_t *parser, const char *at, size_t length) {
    (void)parser;
    return tell("<value>", at, length);
}

static int on_body(llhttp_t *parser, const char *at, size_t length) {
    (void)parser;
    return tell("<body>", at, length);
}

static int on_complete(llhttp_t *parser) {
    return tell(llhttp_should_keep_alive(parser) ? "<kept>" : "<closed>", "", 0);
}

static void parse(const char *text, const char *expected, llhttp_errno_t ends) {
    llhttp_settings_t settings;

    llhttp_settings_init(&settings);
    settings.on_url = on_url;
    settings.on_status = on_status;
    settings.on_header_field = on_field;
    settings.on_header_value = on_value;
    settings.on_body = on_body;
    settings.on_message_complete = on_complete;
    for (size_t piece = 1; piece <= strlen(text); piece++) {
        llhttp_t parser;
        llhttp_errno_t error = HPE_OK;

        told[0] = 0;
        llhttp_init(&parser, HTTP_BOTH, &settings);
        for (size_t at = 0; at < strlen(text) && error == HPE_OK; at += piece)
            error = llhttp_execute(&parser, text + at, strnlen(text + at, piece));
        if (error != ends || strcmp(told, expected) != 0) {
            printf("in pieces of %zu: %s, %s\nnot:             %s, %s\n", piece, told, llhttp_errno_name(error), expected,
                   llhttp_errno_name(ends));
            exit(1);
        }
    }
}

int main(void) {
    parse("GET /a?b=c HTTP/1.1\r\nHost: example.org\r\nX: \r\n\r\n", "<url>/a?b=c<field>Host<value>example.org<field>X<value><kept>", HPE_OK);
    parse("POST / HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
          "<url>/<field>Connection<value>close<field>Transfer-Encoding<value>chunked<body>abcde<closed>", HPE_OK);
    parse("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", "<status>Not Found<field>Content-Length<value>4<body>gone<kept>", HPE_OK);
    parse("GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          "<url>/<field>Content-Length<value>1<field>Transfer-Encoding", HPE_INVALID_TRANSFER_ENCODING);
    parse("GET / HTTP/9.9\r\n\r\n", "<url>/", HPE_INVALID_VERSION);
    parse("FETCH / HTTP/1.1\r\n\r\n", "", HPE_INVALID_METHOD);
    puts("all checks hold");
    return 0;
}
