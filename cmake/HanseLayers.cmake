# One function for each thing that repeats: a layer of the library, a test.

# hanse_layer(FOLDER [LIBRARIES ...]): object library of libsrc/FOLDER; what it needs from outside is private to it.
function(hanse_layer folder)
  cmake_parse_arguments(arg "" "" "LIBRARIES" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/libsrc/${folder}/*.c)
  if(NOT sources)
    return()
  endif()
  add_library(hanse_${name} OBJECT ${sources})
  target_link_libraries(hanse_${name} PRIVATE hanse_options ${arg_LIBRARIES})
  target_include_directories(hanse_${name} PRIVATE ${PROJECT_SOURCE_DIR}/libsrc)
  set_target_properties(hanse_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
  set_property(GLOBAL APPEND PROPERTY HANSE_LAYER_TARGETS hanse_${name})
  set_property(GLOBAL APPEND PROPERTY HANSE_FOREIGN_LIBRARIES ${arg_LIBRARIES})
endfunction()

# hanse_test(NAME [LABELS ...]): tests/test_NAME.c against the static library with all internals in reach.
function(hanse_test name)
  cmake_parse_arguments(arg "" "" "LABELS" ${ARGN})
  add_executable(test_${name} ${PROJECT_SOURCE_DIR}/tests/test_${name}.c)
  target_link_libraries(test_${name} PRIVATE hanse_options hanse_static PkgConfig::CMOCKA)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/libsrc ${PROJECT_SOURCE_DIR}/tests)
  add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  target_compile_definitions(test_${name} PRIVATE HANSE_PROJECT_VERSION="${PROJECT_VERSION}")
  set_tests_properties(${name} PROPERTIES TIMEOUT 900 LABELS "${arg_LABELS}" SKIP_RETURN_CODE 77)
  if(name IN_LIST HANSE_NOT_UNDER_VALGRIND)
    return()
  endif()
  # Only run by "ctest -C Valgrind -L valgrind". What still can be reached at the end belongs to foreign libraries.
  add_test(NAME valgrind_${name} CONFIGURATIONS Valgrind WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    COMMAND valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect
    $<TARGET_FILE:test_${name}>)
  set_tests_properties(valgrind_${name} PROPERTIES TIMEOUT 1800 LABELS valgrind SKIP_RETURN_CODE 77)
endfunction()

# hanse_fuzzer(NAME): fuzz/fuzz_NAME.c. With HANSE_FUZZ libFuzzer steers it; else it replays fuzz/corpus/NAME as a test.
function(hanse_fuzzer name)
  add_executable(fuzz_${name} ${PROJECT_SOURCE_DIR}/fuzz/fuzz_${name}.c)
  target_link_libraries(fuzz_${name} PRIVATE hanse_options hanse_static)
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/libsrc)
  if(HANSE_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    return()
  endif()
  target_sources(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/fuzz/replay.c)
  add_test(NAME fuzz_${name} COMMAND fuzz_${name} ${PROJECT_SOURCE_DIR}/fuzz/corpus/${name})
  set_tests_properties(fuzz_${name} PROPERTIES TIMEOUT 900 LABELS fuzz)
endfunction()
