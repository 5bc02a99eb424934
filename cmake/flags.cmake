# One place for the flags of every target: link pulsedeck_flags.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

add_library(pulsedeck_flags INTERFACE)
target_include_directories(pulsedeck_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(pulsedeck_flags INTERFACE
  # hiredis asks for it; all targets alike, or they could not share a precompiled header.
  _FILE_OFFSET_BITS=64
  PULSEDECK_VERSION="${PROJECT_VERSION}"
  QT_NO_CAST_FROM_ASCII
  QT_NO_CAST_TO_ASCII
  QT_NO_CONTEXTLESS_CONNECT
  QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
  QT_NO_FOREACH
  QT_NO_URL_CAST_FROM_STRING
  QT_USE_QSTRINGBUILDER
)
target_compile_options(pulsedeck_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2
)
if(PULSEDECK_UNITY)
  # It takes every source of a unity build for a header, where an anonymous namespace would be a mistake.
  target_compile_options(pulsedeck_flags INTERFACE -Wno-subobject-linkage)
endif()
if(PULSEDECK_WERROR)
  target_compile_options(pulsedeck_flags INTERFACE -Werror)
endif()
if(PULSEDECK_SANITIZE)
  target_compile_options(pulsedeck_flags INTERFACE -fsanitize=${PULSEDECK_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(pulsedeck_flags INTERFACE -fsanitize=${PULSEDECK_SANITIZE})
endif()
if(PULSEDECK_SANITIZE MATCHES thread)
  # Calls of the functions of Qt that this source names lead to it.
  set(order ${PROJECT_SOURCE_DIR}/tests/support/threadorder.cpp)
  add_library(pulsedeck_threadorder STATIC ${order})
  target_link_libraries(pulsedeck_threadorder PRIVATE Qt6::Core)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${order})
  file(STRINGS ${order} lines REGEX "\"_Z[A-Za-z0-9_]+\"")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE ".*\"(_Z[A-Za-z0-9_]+)\".*" "LINKER:--wrap=\\1" wrap "${line}")
    target_link_options(pulsedeck_flags INTERFACE ${wrap})
  endforeach()
  target_link_libraries(pulsedeck_flags INTERFACE pulsedeck_threadorder)
endif()
