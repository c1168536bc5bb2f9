/* SPDX-License-Identifier: Apache-2.0 */
/* Whether followed feeds are reached, all at once, and whose clock is right: part of doctor. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/place.h"
#include "base/text.h"
#include "net/fetch.h"
#include "net/proxy.h"
#include "node/check/doctor_internal.h"

enum {
    CLOCK_NEAR_S = 300, /* nobody notices */
    CLOCK_FAR_S = 86400,
    DEFAULT_CONNECT_TIMEOUT_S = 10
};

/* One followed feed and what came of asking for its checkpoint. */
struct probe {
    struct probe *next;
    struct hanse_feed_row row;
    struct hanse_buffer body;
    struct hanse_fetch_result result;
};

struct probes {
    const struct hanse_doctor *doctor;
    struct probe *first;
    struct probe **end;
};

static enum hanse_status add_probe(void *context, const struct hanse_index_feed *feed,
                                   struct hanse_error *err)
{
    struct probes *probes = context;
    if (feed->own || feed->url == NULL)
        return HANSE_OK;
    struct probe *probe = hanse_alloc_zeroed(1, sizeof *probe);
    if (probe == NULL)
        return hanse_fail_memory(err);
    hanse_buffer_init(&probe->body, HANSE_MAX_NOTE_BYTES);
    *probes->end = probe;
    probes->end = &probe->next;
    return hanse_feed_row_copy(feed, &probe->row, err);
}

static void release_probes(struct probes *probes)
{
    while (probes->first != NULL) {
        struct probe *probe = probes->first;
        probes->first = probe->next;
        hanse_feed_row_release(&probe->row);
        hanse_buffer_release(&probe->body);
        hanse_free(probe);
    }
}

static enum hanse_status take_body(void *context, struct hanse_bytes piece, bool *stop,
                                   struct hanse_error *err)
{
    struct probe *probe = context;
    (void)stop;
    return hanse_buffer_append(&probe->body, piece, err);
}

static void take_result(void *context, const struct hanse_fetch_result *result)
{
    struct probe *probe = context;
    probe->result = *result;
}

/* What cannot even be asked has its error in the result, too. */
static void ask(const struct hanse_doctor *doctor, struct hanse_fetcher *fetcher, struct probe *probe)
{
    unsigned timeout_s = doctor->options->connect_timeout_s != 0 ? doctor->options->connect_timeout_s
                                                                 : DEFAULT_CONNECT_TIMEOUT_S;
    const struct hanse_fetch_request request = {.base_url = probe->row.feed.url,
                                                .name = "checkpoint",
                                                .max_bytes = HANSE_MAX_NOTE_BYTES,
                                                .no_cache = true,
                                                .certificate = true,
                                                .pins = probe->row.feed.pin,
                                                .ca_file = probe->row.feed.cacert,
                                                .connect_timeout_ms = timeout_s * 1000,
                                                .stall_timeout_s = timeout_s,
                                                .on_body = take_body,
                                                .on_done = take_result,
                                                .context = probe};
    struct hanse_error *why = &probe->result.error;
    why->status = hanse_fetcher_add(fetcher, &request, why);
}

static enum hanse_status ask_all(struct probes *probes, struct hanse_error *err)
{
    struct hanse_fetcher *fetcher = NULL;
    enum hanse_status status = hanse_fetcher_new(NULL, &fetcher, err);
    if (status != HANSE_OK)
        return status;
    for (struct probe *probe = probes->first; probe != NULL; probe = probe->next)
        ask(probes->doctor, fetcher, probe);
    status = hanse_fetcher_run(fetcher, err);
    hanse_fetcher_free(fetcher);
    return status;
}

static uint64_t distance(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

/* One server may be wrong; when none agrees with this clock, it is this clock. */
static void judge_clocks(const struct probes *probes)
{
    const struct hanse_doctor *doctor = probes->doctor;
    bool some_agree = false;
    for (const struct probe *probe = probes->first; probe != NULL; probe = probe->next)
        some_agree = some_agree || (probe->result.date_unix_s != 0 &&
                                    distance(probe->result.date_unix_s, doctor->now_unix_s) <= CLOCK_NEAR_S);
    char now[21];
    char date[21];
    hanse_time_encode(doctor->now_unix_s, now);
    for (const struct probe *probe = probes->first; probe != NULL; probe = probe->next) {
        uint64_t away = distance(probe->result.date_unix_s, doctor->now_unix_s);
        if (probe->result.date_unix_s == 0 || away <= CLOCK_NEAR_S)
            continue;
        hanse_time_encode(probe->result.date_unix_s, date);
        if (some_agree) {
            hanse_doctor_tell(doctor,
                              HANSE_DOCTOR_WARNING("server-clock", probe->row.feed.origin,
                                                   probe->row.feed.url, "tell its operator"),
                              "server's clock says %s, this one and that of another server %s", date, now);
            continue;
        }
        const struct hanse_doctor_place place = {
            .severity = away > CLOCK_FAR_S ? "error" : "warning",
            .rule = "clock",
            .object = "clock",
            .path = probe->row.feed.url,
            .remedy =
                "set the clock, best by NTP (`timedatectl set-ntp true`), before you publish: times stay in "
                "the feed"};
        hanse_doctor_tell(doctor, &place, "clock says %s, but the server of \"%s\" %s, and no server agrees",
                          now, probe->row.feed.origin, date);
        return;
    }
}

struct cause {
    const char *rule;
    const char *remedy;
};

static struct cause cause_of(enum hanse_fetch_stage stage)
{
    switch (stage) {
    case HANSE_FETCH_AT_PROXY:
        return (struct cause){"proxy",
                              "mend or unset the proxy of the environment, or add the host to NO_PROXY"};
    case HANSE_FETCH_AT_NAME:
        return (struct cause){"dns",
                              "look at the spelling of the host ('hanse feeds') and at this machine's DNS"};
    case HANSE_FETCH_AT_CONNECTION:
        return (struct cause){"connection", "is the other side up, the port right, and no firewall between?"};
    case HANSE_FETCH_AT_TLS:
        return (struct cause){"tls", "is it an HTTPS server at that port? Ask its operator"};
    case HANSE_FETCH_AT_PIN:
        return (struct cause){
            "pin", "ask its operator by another way whether the key was changed; then `hanse follow` "
                   "again with the new pin"};
    case HANSE_FETCH_AT_CERTIFICATE:
        return (struct cause){"certificate",
                              "if the clock is right, ask its operator to renew it, or follow again "
                              "with its pin or its authority (--pin, --cacert)"};
    case HANSE_FETCH_AT_ANSWER:
        return (struct cause){"answer",
                              "is it the URL of a feed? Ask its operator, then `hanse follow` with the "
                              "right one"};
    case HANSE_FETCH_AT_NONE:
        break;
    }
    return (struct cause){"url", "follow it again with the right URL, pin and authorities: `hanse follow`"};
}

static void tell_cause(const struct hanse_doctor *doctor, const struct probe *probe)
{
    const struct hanse_index_feed *feed = &probe->row.feed;
    struct cause cause = cause_of(probe->result.failed_at);
    const char *proxy = hanse_proxy_variable();
    bool may_be_proxy = proxy != NULL && probe->result.failed_at >= HANSE_FETCH_AT_PROXY &&
                        probe->result.failed_at <= HANSE_FETCH_AT_TLS;
    if (may_be_proxy)
        cause = cause_of(HANSE_FETCH_AT_PROXY);
    const struct hanse_doctor_place place = {.severity = "error",
                                             .rule = cause.rule,
                                             .object = feed->origin,
                                             .path = feed->url,
                                             .remedy = cause.remedy};
    hanse_doctor_tell(doctor, &place, "%s%s%s%s", probe->result.error.message,
                      may_be_proxy ? " (through the proxy of " : "", may_be_proxy ? proxy : "",
                      may_be_proxy ? ")" : "");
}

static void judge_checkpoint(const struct hanse_doctor *doctor, const struct probe *probe)
{
    const struct hanse_index_feed *feed = &probe->row.feed;
    struct hanse_error why;
    struct hanse_verifier_key key;
    struct hanse_note note;
    struct hanse_checkpoint checkpoint;
    struct hanse_bytes origin = hanse_bytes_of_text(feed->origin);
    struct hanse_note_check check = {.key = &key};
    enum hanse_status status =
        hanse_verifier_key_init(origin, hanse_bytes_of(feed->key, sizeof feed->key), &key, &why);
    if (status == HANSE_OK)
        status = hanse_note_decode(hanse_buffer_view(&probe->body), &note, &why);
    if (status == HANSE_OK)
        status = hanse_checkpoint_open(&note, origin, &check, 1, &checkpoint, &why);
    if (status != HANSE_OK)
        hanse_doctor_tell_error(
            doctor,
            HANSE_DOCTOR_ERROR("checkpoint", feed->origin, feed->url,
                               "is it the URL of this feed, and the key that its owner gave you? `hanse "
                               "sync` finds out whether the key was changed by the rules"),
            &why);
}

static void judge_certificate(const struct hanse_doctor *doctor, const struct probe *probe)
{
    uint64_t until = probe->result.certificate_until_unix_s;
    char text[21];
    hanse_time_encode(until, text);
    if (until != 0 && until <= doctor->now_unix_s)
        hanse_doctor_tell(doctor,
                          HANSE_DOCTOR_WARNING("certificate-expired", probe->row.feed.origin,
                                               probe->row.feed.url,
                                               "nothing to do here: you hold its pin; tell its operator"),
                          "server's certificate expired at %s", text);
}

/* The network is not asked about files of this machine that are not there. */
static bool judge_authority(const struct hanse_doctor *doctor, const struct probe *probe)
{
    const struct hanse_index_feed *feed = &probe->row.feed;
    struct hanse_place place;
    struct hanse_error why;
    if (feed->cacert == NULL || feed->pin != NULL || hanse_place_look(feed->cacert, &place, &why) == HANSE_OK)
        return true;
    hanse_doctor_tell_error(doctor,
                            HANSE_DOCTOR_ERROR("authority", feed->origin, feed->cacert,
                                               "put the file back, or follow again with another --cacert"),
                            &why);
    return false;
}

static void judge(const struct hanse_doctor *doctor, const struct probe *probe)
{
    if (!judge_authority(doctor, probe))
        return;
    if (probe->result.error.status == HANSE_NO_MEMORY)
        *doctor->starved = true;
    else if (probe->result.error.status != HANSE_OK)
        tell_cause(doctor, probe);
    if (probe->result.error.status != HANSE_OK)
        return;
    judge_certificate(doctor, probe);
    judge_checkpoint(doctor, probe);
}

enum hanse_status hanse_doctor_followed_feeds(const struct hanse_doctor *doctor, struct hanse_error *err)
{
    if (doctor->options->offline)
        return HANSE_OK;
    struct probes probes = {.doctor = doctor};
    probes.end = &probes.first;
    enum hanse_status status = hanse_index_feed_list(doctor->node->index, add_probe, &probes, err);
    if (status == HANSE_OK && probes.first != NULL)
        status = ask_all(&probes, err);
    if (status == HANSE_OK)
        judge_clocks(&probes);
    for (const struct probe *probe = probes.first; probe != NULL && status == HANSE_OK; probe = probe->next)
        judge(doctor, probe);
    release_probes(&probes);
    return status;
}
