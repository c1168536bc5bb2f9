/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of names: what is a file of a feed, and that nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "feed/feed_name.h"

static enum hanse_feed_name_kind kind_of(const char *name)
{
    return hanse_feed_name_kind_of(hanse_bytes_of_text(name));
}

static void names_have_their_kind(void **state)
{
    (void)state;
    assert_int_equal(kind_of("checkpoint"), HANSE_FEED_NAME_CHECKPOINT);
    assert_int_equal(kind_of("hanse/manifest"), HANSE_FEED_NAME_MANIFEST);
    assert_int_equal(kind_of("hanse/public/0-0123456789abcdef"), HANSE_FEED_NAME_SEGMENT);
    assert_int_equal(kind_of("hanse/public/9223372036854775807-ffffffffffffffff"), HANSE_FEED_NAME_SEGMENT);
    assert_int_equal(kind_of("hanse/key/1"), HANSE_FEED_NAME_KEY_CHANGE);
    assert_int_equal(kind_of("hanse/key/1024"), HANSE_FEED_NAME_KEY_CHANGE);
    assert_int_equal(kind_of("tile/0/000"), HANSE_FEED_NAME_TILE);
    assert_int_equal(kind_of("tile/63/x001/x234/067"), HANSE_FEED_NAME_TILE);
    assert_int_equal(kind_of("tile/entries/x001/000.p/255"), HANSE_FEED_NAME_TILE);
}

static void other_names_have_none(void **state)
{
    (void)state;
    static const char *const names[] = {"",
                                        "/",
                                        "checkpoint/",
                                        "/checkpoint",
                                        "checkpoint?",
                                        "Checkpoint",
                                        "checkpoint ",
                                        "check%70oint",
                                        "hanse",
                                        "hanse/",
                                        "hanse//manifest",
                                        "hanse/manifest/",
                                        "hanse/../checkpoint",
                                        "hanse/public",
                                        "hanse/public/",
                                        "hanse/public/0",
                                        "hanse/public/0-0123456789abcde",
                                        "hanse/public/0-0123456789abcdef0",
                                        "hanse/public/0-0123456789ABCDEF",
                                        "hanse/public/00-0123456789abcdef",
                                        "hanse/public/-0123456789abcdef",
                                        "hanse/public/9223372036854775808-0123456789abcdef",
                                        "hanse/public/../../private/key",
                                        "hanse/private/0-0123456789abcdef",
                                        "hanse/key/",
                                        "hanse/key/0",
                                        "hanse/key/01",
                                        "hanse/key/1/",
                                        "hanse/key/18446744073709551616",
                                        "tile",
                                        "tile/",
                                        "tile/0",
                                        "tile/0/",
                                        "tile/64/000",
                                        "tile/00/000",
                                        "tile/0/00",
                                        "tile/0/0000",
                                        "tile/0/x000/001",
                                        "tile/0/001/002",
                                        "tile/0/000.p/0",
                                        "tile/0/000.p/256",
                                        "tile/0/000.p/",
                                        "tile/0/000.p",
                                        "tile/entries",
                                        "tile/entries/",
                                        "tile/entries/../0",
                                        "private/key",
                                        "..",
                                        "../checkpoint",
                                        "tile/0/x001/x001/x001/x001/x001/x001/x001/001"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (kind_of(names[i]) != HANSE_FEED_NAME_NONE)
            fail_msg("accepted \"%s\"", names[i]);
    static const char with_nul[] = "checkpoint\0";
    assert_int_equal(hanse_feed_name_kind_of(hanse_bytes_of(with_nul, sizeof with_nul - 1)),
                     HANSE_FEED_NAME_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_their_kind),
        cmocka_unit_test(other_names_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
