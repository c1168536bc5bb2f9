# What is installed: the shared library with its headers, the messages, the program, and how others find them.
include(CMakePackageConfigHelpers)

install(TARGETS hanse EXPORT hanse-targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/hanse DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
file(GLOB api_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/hanse/*.h)
add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/api/index.html
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/api ${PROJECT_BINARY_DIR}/api ${PROJECT_VERSION}
  DEPENDS ${PROJECT_SOURCE_DIR}/scripts/api ${api_headers} VERBATIM)
add_custom_target(hanse_api ALL DEPENDS ${PROJECT_BINARY_DIR}/api/index.html)
install(DIRECTORY ${PROJECT_BINARY_DIR}/api DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.html")
file(GLOB documents CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md)
install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md ${PROJECT_SOURCE_DIR}/LICENSE
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/proto/hanse DESTINATION ${CMAKE_INSTALL_DATADIR}/hanse/proto
  FILES_MATCHING PATTERN "*.proto")
if(TARGET hanse_program)
  install(TARGETS hanse_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  add_custom_command(OUTPUT ${PROJECT_BINARY_DIR}/man/hanse.1
    COMMAND ${PROJECT_SOURCE_DIR}/scripts/man ${PROJECT_BINARY_DIR}/man ${PROJECT_VERSION}
    DEPENDS ${PROJECT_SOURCE_DIR}/scripts/man ${PROJECT_SOURCE_DIR}/docs/manual.md VERBATIM)
  add_custom_target(hanse_man ALL DEPENDS ${PROJECT_BINARY_DIR}/man/hanse.1)
  install(DIRECTORY ${PROJECT_BINARY_DIR}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
  install(FILES ${PROJECT_SOURCE_DIR}/packaging/completion/hanse.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME hanse)
  install(FILES ${PROJECT_SOURCE_DIR}/packaging/completion/_hanse DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endif()

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/hanse)
install(EXPORT hanse-targets NAMESPACE hanse:: DESTINATION ${package_dir} FILE hanse-config.cmake)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hanse-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hanse-config-version.cmake DESTINATION ${package_dir})

# Relative to the file itself, so that an installed tree may be moved.
file(RELATIVE_PATH HANSE_PC_INCLUDEDIR ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(${PROJECT_SOURCE_DIR}/cmake/hanse.pc.in ${PROJECT_BINARY_DIR}/hanse.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/hanse.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
