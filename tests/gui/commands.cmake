# Commands: dialog, page, keys.
foreach(name commandactions commanddialog commandspage)
  pulsedeck_test(NAME ${name}_test LABEL gui TIMEOUT 180 SOURCES ${name}_test.cpp LIBS pulsedeck_ui pulsedeck_fleetscene)
endforeach()
