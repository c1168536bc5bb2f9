/* SPDX-License-Identifier: Apache-2.0 */
/* hanse serve: an HTTPS server of what the node holds. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <hanse/serve.h>

#include "args.h"
#include "output.h"
#include "sync_run.h"
#include "verbs.h"

enum { WANTED_FILES = 8192 };

/* The signals that end it are blocked and waited for: no handler, no flag. */
static void end_signals(sigset_t *out)
{
    (void)sigemptyset(out);
    (void)sigaddset(out, SIGINT);
    (void)sigaddset(out, SIGTERM);
}

static bool asked_to_end(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGINT) == 1 || sigismember(&pending, SIGTERM) == 1);
}

/* One line a request. It is called by several threads: the stream's lock keeps lines whole. */
static void log_request(void *context, const char *address, const char *method, const char *target,
                        unsigned status, uint64_t bytes)
{
    (void)context;
    char time_text[21];
    time_t now = time(NULL);
    output_time(now > 0 ? (uint64_t)now : 0, time_text);
    flockfile(stderr);
    (void)fprintf(stderr, "%s %s ", time_text, address);
    output_text(stderr, method);
    (void)fputc(' ', stderr);
    output_text(stderr, target);
    (void)fprintf(stderr, " %u %" PRIu64 "\n", status, bytes);
    funlockfile(stderr);
}

/* Each connection is an open file, and 1,024 are what many systems begin with. Where more are not allowed the
 * server lets fewer connections in. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= WANTED_FILES) {
        return;
    }
    limit.rlim_cur = limit.rlim_max < WANTED_FILES ? limit.rlim_max : WANTED_FILES;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static void print_ready(const struct cli *cli, const struct hanse_server *server)
{
    if (cli->json) {
        struct json json = {.out = stdout};
        json_open(&json, NULL, '{');
        json_text(&json, "url", hanse_server_url(server));
        json_text(&json, "pin", hanse_server_pin(server));
        json_end(&json);
    } else {
        (void)printf("serving %s pin %s\n", hanse_server_url(server), hanse_server_pin(server));
    }
    (void)fflush(stdout);
}

/* True when a signal asks to end, false after `seconds`; 0 waits for ever. */
static bool wait_for_end(const sigset_t *signals, uint64_t seconds)
{
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    time_t last = until.tv_sec + (time_t)seconds;
    for (;;) {
        if (seconds == 0) {
            if (sigwaitinfo(signals, NULL) >= 0) {
                return true;
            }
        } else {
            (void)clock_gettime(CLOCK_MONOTONIC, &until);
            if (until.tv_sec >= last) {
                return false;
            }
            const struct timespec rest = {.tv_sec = last - until.tv_sec};
            if (sigtimedwait(signals, NULL, &rest) >= 0) {
                return true;
            }
        }
    }
}

static void serve_until_end(const struct cli *cli, struct hanse_node *node, const sigset_t *signals,
                            uint64_t sync_every_s)
{
    const struct sync_run sync = {
        .cli = cli, .node = node, .max_stale_s = SYNC_MAX_STALE_S, .quiet = true, .stop = asked_to_end};
    do {
        if (sync_every_s > 0 && !asked_to_end()) {
            (void)sync_run(&sync);
        }
    } while (!wait_for_end(signals, sync_every_s));
}

static const char *advice_for(enum hanse_status status)
{
    switch (status) {
    case HANSE_IO:
        return "is the port taken? --listen 127.0.0.1:0 picks a free one";
    case HANSE_DENIED:
        return "ports below 1024 need special rights: take another one with --listen, such as 0.0.0.0:8443";
    case HANSE_NOT_FOUND:
    case HANSE_MALFORMED:
        return "give PEM files with --tls-cert and --tls-key, or neither: then a certificate is made";
    default:
        return NULL;
    }
}

static int serve(const struct cli *cli, const struct hanse_serve_options *options, uint64_t sync_every_s)
{
    sigset_t signals;
    end_signals(&signals);
    /* Before any thread starts: all of them inherit it. */
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0) {
        cli_complain(NULL, "blocking signals failed: %s", strerror(errno));
        return CLI_FAILED;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    CLI_SCOPED_NODE struct hanse_node *node = NULL;
    int code = cli_open(cli, &node);
    if (code != CLI_DONE) {
        return code;
    }
    struct hanse_server *server;
    struct hanse_error err;
    if (hanse_serve_start(node, options, &server, &err) != HANSE_OK) {
        return cli_fail(&err, advice_for(err.status));
    }
    print_ready(cli, server);
    serve_until_end(cli, node, &signals, sync_every_s);
    hanse_server_stop(server);
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct hanse_serve_options serve_options = {.version = 1};
    const char *sync_every = NULL;
    uint64_t sync_every_s = 0;
    bool log = false;
    const struct args_option options[] = {
        {"listen", "ADDR:PORT", "where to listen, 0.0.0.0:8443 if not given; port 0 picks one",
         &serve_options.listen, NULL},
        {"tls-cert", "F", "PEM file of the certificate", &serve_options.tls_cert, NULL},
        {"tls-key", "F", "PEM file of its key", &serve_options.tls_key, NULL},
        {"sync-every", "TIME", "sync the feeds you follow that often, such as 5m", &sync_every, NULL},
        {"log", NULL, "write a line for each request to stderr", NULL, &log},
    };
    struct args args = {.verb = &verb_serve, .options = options, .option_count = 5};
    int code;
    if (!args_read(&args, cli, argc, argv, &code)) {
        return code;
    }
    if (sync_every != NULL && (!args_duration(sync_every, &sync_every_s) || sync_every_s == 0)) {
        cli_complain("write a number and s, m, h or d, such as 5m", "'%s' is no time span", sync_every);
        return CLI_USAGE;
    }
    if ((serve_options.tls_cert == NULL) != (serve_options.tls_key == NULL)) {
        cli_complain("give both --tls-cert and --tls-key, or neither",
                     "one of certificate and key is missing");
        return CLI_USAGE;
    }
    serve_options.log = log ? log_request : NULL;
    return serve(cli, &serve_options, sync_every_s);
}

const struct verb verb_serve = {
    .name = "serve",
    .changes = "serves this node's feeds over HTTPS until it is stopped; changes no feed of yours",
    .synopsis = "[--listen ADDR:PORT] [--tls-cert F --tls-key F] [--sync-every TIME] [--log]",
    .help = "When it is ready it prints one line: serving https://ADDR:PORT/ pin sha256//...\n"
            "Without a certificate it makes a self-signed one and keeps it; followers then need the pin.\n"
            "Your first feed is at /, every feed at /<hex sha256 of its origin>/. Ctrl-C or SIGTERM ends it.",
    .run = run,
};
