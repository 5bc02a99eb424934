# The Timing page: editing, and from the draft to the source and back.
foreach(name timingpage timingapply)
  pulsedeck_test(NAME ${name}_test LABEL gui TIMEOUT 180 SOURCES ${name}_test.cpp
    LIBS pulsedeck_ui pulsedeck_fleetscene)
endforeach()
# True files, and hubs beside the fleet.
pulsedeck_test(NAME timinghub_test LABEL gui TIMEOUT 180 SOURCES timinghub_test.cpp
  LIBS pulsedeck_ui pulsedeck_timing pulsedeck_fleetscene)
