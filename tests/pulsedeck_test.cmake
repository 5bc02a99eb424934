# All unit tests: what the build without a window has to pass.
add_custom_target(unit_tests)

# pulsedeck_test(NAME name LABEL unit|integration|gui TIMEOUT seconds SOURCES … LIBS …) makes a QtTest executable and
# registers it with ctest. Tests that start servers wait for conditions, so they may share the machine.
function(pulsedeck_test)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME;LABEL;TIMEOUT" "SOURCES;LIBS")
  if(NOT arg_NAME OR NOT arg_LABEL OR NOT arg_TIMEOUT OR NOT arg_SOURCES)
    message(FATAL_ERROR "pulsedeck_test needs NAME, LABEL, TIMEOUT and SOURCES")
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBS} Qt6::Test)
  # What nearly every test includes is compiled once.
  if(arg_LABEL STREQUAL gui)
    target_precompile_headers(${arg_NAME} REUSE_FROM pulsedeck_ui)
  else()
    target_precompile_headers(${arg_NAME} REUSE_FROM pulsedeck_models)
  endif()
  if(arg_LABEL STREQUAL unit)
    add_dependencies(unit_tests ${arg_NAME})
  endif()
  add_test(NAME ${arg_NAME} COMMAND ${arg_NAME})
  set_tests_properties(${arg_NAME} PROPERTIES
    LABELS ${arg_LABEL}
    TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8"
  )
endfunction()
