/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses and numbers of persons in free text, and what only looks like them. */
#include "anomaly.h"

#include "base/bytes.h"
#include "record/personal.h"

static void assert_found(bool (*find)(const char *, struct hanse_bytes *), const char *text,
                         const char *expected)
{
    struct hanse_bytes seen = {0};
    bool found = find(text, &seen);
    if (found != (expected != NULL) || (found && !hanse_bytes_equal_text(seen, expected)))
        fail_msg("in \"%s\": \"%.*s\"", text, (int)seen.size, (const char *)seen.data);
}

static void emails_are_found(void **state)
{
    (void)state;
    assert_found(hanse_personal_find_email, "write to a.person+x@city.example.", "a.person+x@city.example");
    assert_found(hanse_personal_find_email, "<mayor@minatogawa.example>", "mayor@minatogawa.example");
    assert_found(hanse_personal_find_email, "a@b then c@d.example", "c@d.example");
    assert_found(hanse_personal_find_email, "連絡先office@city.example", "office@city.example");
    assert_found(hanse_personal_find_email, "@minatogawa on the network", NULL);
    assert_found(hanse_personal_find_email, "5 @ 3.50 each", NULL);
    assert_found(hanse_personal_find_email, "a@", NULL);
    assert_found(hanse_personal_find_email, "", NULL);
}

static void telephones_are_found(void **state)
{
    (void)state;
    assert_found(hanse_personal_find_telephone, "call +81 93 555 0100 today", "+81 93 555 0100");
    assert_found(hanse_personal_find_telephone, "+1 (202) 555-0143", "+1 (202) 555-0143");
    assert_found(hanse_personal_find_telephone, "Tel. (020) 7946 0018", "(020) 7946 0018");
    assert_found(hanse_personal_find_telephone, "093-555-0100", "093-555-0100");
    assert_found(hanse_personal_find_telephone, "in 2015-2018, 1200 people", NULL);
    assert_found(hanse_personal_find_telephone, "from 01-04-2015 on", NULL);
    assert_found(hanse_personal_find_telephone, "0.123456789", NULL);
    assert_found(hanse_personal_find_telephone, "share 0.0123456789", NULL);
    assert_found(hanse_personal_find_telephone, "XM-DAC-0123456789", NULL);
    assert_found(hanse_personal_find_telephone, "00000000000000000000", NULL);
    assert_found(hanse_personal_find_telephone, "+50 000 trees", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emails_are_found),
        cmocka_unit_test(telephones_are_found),
    };
    return cmocka_run_group_tests_name("personal", tests, NULL, NULL);
}
