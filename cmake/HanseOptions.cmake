# hanse_options: the flags of every target of this project.
add_library(hanse_options INTERFACE)
target_include_directories(hanse_options INTERFACE ${PROJECT_SOURCE_DIR}/include)
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "kind of build" FORCE)
endif()
# assert guards against our own bugs and stays on in every build.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")

target_compile_definitions(hanse_options INTERFACE _POSIX_C_SOURCE=200809L _FILE_OFFSET_BITS=64)
target_compile_options(hanse_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes -Wmissing-prototypes
  -Wpointer-arith -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wimplicit-fallthrough -Wcast-align)
if(HANSE_WERROR)
  target_compile_options(hanse_options INTERFACE -Werror)
endif()
if(HANSE_HARDEN)
  target_compile_options(hanse_options INTERFACE -fstack-protector-strong -fstack-clash-protection -fcf-protection)
  target_link_options(hanse_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
  if(NOT HANSE_SANITIZE AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    target_compile_options(hanse_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  endif()
endif()
if(HANSE_SANITIZE)
  target_compile_options(hanse_options INTERFACE -fsanitize=${HANSE_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(hanse_options INTERFACE -fsanitize=${HANSE_SANITIZE})
endif()
if(HANSE_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang" OR NOT HANSE_SANITIZE)
    message(FATAL_ERROR "HANSE_FUZZ needs clang and HANSE_SANITIZE: use cmake --preset fuzz")
  endif()
  # Counts which edges an input reaches; the program that steers by them is linked to the fuzzers only.
  target_compile_options(hanse_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
