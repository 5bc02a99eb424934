# Tests run once, so that optimising them costs more than it saves: in a debug build their own sources are compiled without it,
# with precompiled headers of their own, as those hold the flags.
add_library(pulsedeck_testflags INTERFACE)
target_compile_options(pulsedeck_testflags INTERFACE $<$<CONFIG:Debug>:-O0>)

# pulsedeck_test_headers(NAME LIBRARY) makes the precompiled header NAME of the tests that link LIBRARY: the one of
# LIBRARY. Qt Test's header differs with the folder of the test and cannot be shared.
function(pulsedeck_test_headers name library)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/tests/${name}.cpp CONTENT "// Only the header is wanted.\n")
  add_library(${name} OBJECT ${CMAKE_BINARY_DIR}/tests/${name}.cpp)
  set_target_properties(${name} PROPERTIES AUTOMOC OFF)
  target_link_libraries(${name} PRIVATE ${library} pulsedeck_testflags)
  get_target_property(headers ${library} PRECOMPILE_HEADERS)
  target_precompile_headers(${name} PRIVATE ${headers})
endfunction()
pulsedeck_test_headers(pulsedeck_testheaders pulsedeck_models)
if(PULSEDECK_GUI)
  pulsedeck_test_headers(pulsedeck_guitestheaders pulsedeck_ui)
endif()

# pulsedeck_test_program(NAME name LIBS … [SOURCES …]) makes a program for the test classes of a folder. One program for many
# classes: linking and precompiled headers cost more than most of the classes themselves.
function(pulsedeck_test_program)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "NAME" "SOURCES;LIBS")
  add_executable(${arg_NAME} ${PROJECT_SOURCE_DIR}/tests/support/testprogram.cpp ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE ${arg_LIBS} Qt6::Test pulsedeck_testflags)
  # What nearly every test includes is compiled once.
  if(pulsedeck_ui IN_LIST arg_LIBS OR pulsedeck_console IN_LIST arg_LIBS)
    target_precompile_headers(${arg_NAME} REUSE_FROM pulsedeck_guitestheaders)
  else()
    target_precompile_headers(${arg_NAME} REUSE_FROM pulsedeck_testheaders)
  endif()
endfunction()

# pulsedeck_tests(PROGRAM name LABEL unit|integration|gui TIMEOUT seconds CLASSES …) adds X_test.cpp of this folder for each class
# X to the program, and one entry to ctest. Tests that start servers wait for conditions, so they may share the machine.
function(pulsedeck_tests)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "PROGRAM;LABEL;TIMEOUT" "CLASSES")
  math(EXPR timeout "${arg_TIMEOUT} * ${PULSEDECK_TIMEOUT_FACTOR}")
  foreach(class ${arg_CLASSES})
    target_sources(${arg_PROGRAM} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/${class}_test.cpp)
    add_test(NAME ${class}_test COMMAND ${arg_PROGRAM} ${class}_test)
    set_tests_properties(${class}_test PROPERTIES
      LABELS ${arg_LABEL}
      TIMEOUT ${timeout}
      ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8"
    )
  endforeach()
endfunction()
