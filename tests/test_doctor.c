/* SPDX-License-Identifier: Apache-2.0 */
/* Doctor as a function; what it finds is tested through the program, in doctor_cli.sh. */
#include "anomaly.h"

#include "node_support.h"

#include <hanse/doctor.h>

#include "crypto/certificate.h"

struct tally {
    unsigned findings;
    char first[64];
};

static void count(void *context, const struct hanse_doctor_finding *finding)
{
    struct tally *tally = context;
    assert_true(finding->message[0] != '\0' && finding->remedy[0] != '\0');
    if (tally->findings++ == 0)
        (void)snprintf(tally->first, sizeof tally->first, "%s", finding->rule);
}

/* A node with an own feed, a certificate and a followed feed that is reached. */
static void make_city(void)
{
    char key[512];
    struct hanse_node *other = make_node("other", "other.example/hanse");
    struct hanse_node *city = make_node("city", CITY);
    publish_some(city, 0, 3);
    own_key(other, key);
    follow_dir(city, at("other/public"), key);
    hanse_node_close(other);
    hanse_node_close(city);
    const char *name = "city.example";
    struct hanse_certificate_options options = {
        .names = &name, .name_count = 1, .valid_from_unix_s = 1, .valid_until_unix_s = 4102444800};
    struct hanse_buffer certificate;
    struct hanse_buffer secret;
    hanse_buffer_init(&certificate, 16384);
    hanse_buffer_init(&secret, 16384);
    MUST(hanse_certificate_make(&options, &certificate, &secret, &node_err));
    MUST(hanse_file_make_dirs(at("city/private/tls"), HANSE_MODE_PRIVATE_DIR, &node_err));
    MUST(hanse_file_replace(at("city/private/tls/cert.pem"), hanse_buffer_view(&certificate),
                            HANSE_MODE_PRIVATE_FILE, &node_err));
    MUST(hanse_file_replace(at("city/private/tls/key.pem"), hanse_buffer_view(&secret),
                            HANSE_MODE_PRIVATE_FILE, &node_err));
    hanse_buffer_release(&certificate);
    hanse_buffer_release(&secret);
}

static enum hanse_status consult(void *context)
{
    const struct hanse_doctor_options options = {.version = 1, .visit = count, .context = context};
    return hanse_doctor(at("city"), &options, &node_err);
}

static void a_healthy_node_has_no_findings(void **state)
{
    (void)state;
    struct tally tally = {0};
    make_city();
    MUST(consult(&tally));
    if (tally.findings != 0)
        fail_msg("finds %s", tally.first);
    assert_false(hanse_file_exists(at("city/private/doctor.probe")));
}

/* Being out of memory is told as such: it is never taken for something that is wrong with the node. */
static void memory_is_no_finding(void **state)
{
    (void)state;
    struct tally tally = {0};
    make_city();
    assert_true(anomaly_fail_each_allocation(consult, &tally) > 50);
    if (tally.findings != 0)
        fail_msg("finds %s", tally.first);
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    struct tally tally = {0};
    struct hanse_doctor_options options = {.version = 1, .context = &tally};
    MUST_FAIL(hanse_doctor(at("city"), &options, NULL), HANSE_INVALID_ARGUMENT);
    options.visit = count;
    options.version = 2;
    MUST_FAIL(hanse_doctor(at("city"), &options, NULL), HANSE_INVALID_ARGUMENT);
    MUST_FAIL(hanse_doctor(at("city"), NULL, NULL), HANSE_INVALID_ARGUMENT);
    options.version = 1;
    MUST_FAIL(hanse_doctor(NULL, &options, NULL), HANSE_INVALID_ARGUMENT);
    assert_int_equal(tally.findings, 0);
    MUST(hanse_doctor(at("city"), &options, &node_err)); /* there is no node: a finding, no failure */
    assert_string_equal(tally.first, "node");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(a_healthy_node_has_no_findings),
        NODE_TEST(memory_is_no_finding),
        NODE_TEST(bad_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
