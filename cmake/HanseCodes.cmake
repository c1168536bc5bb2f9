# The code lists that are compiled in: one C file for libsrc/record, made in the build tree by awk.
find_program(AWK awk REQUIRED)
file(GLOB code_lists CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/libsrc/record/codes/*.txt)
set(code_tables ${PROJECT_BINARY_DIR}/codes/code_tables.c)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/codes)
add_custom_command(OUTPUT ${code_tables}
  COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${AWK} -f ${PROJECT_SOURCE_DIR}/cmake/codes.awk ${code_lists} > ${code_tables}.new
  COMMAND ${CMAKE_COMMAND} -E rename ${code_tables}.new ${code_tables}
  DEPENDS ${code_lists} ${PROJECT_SOURCE_DIR}/cmake/codes.awk VERBATIM)
target_sources(hanse_record PRIVATE ${code_tables})
# A list is one string, longer than the 4095 bytes that C17 promises; gcc and clang set no such limit.
set_source_files_properties(${code_tables} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
