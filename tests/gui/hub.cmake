# The hub panel, over a played hub and over a real simulated one.
foreach(name hubpanel hubmessages)
  pulsedeck_test(NAME ${name}_test LABEL gui TIMEOUT 180 SOURCES ${name}_test.cpp hubpanelfixture.h
    LIBS pulsedeck_ui)
endforeach()
pulsedeck_test(NAME hubround_test LABEL gui TIMEOUT 180 SOURCES hubround_test.cpp hubpanelfixture.h
  LIBS pulsedeck_ui pulsedeck_hubtest)
pulsedeck_test(NAME hubwindow_test LABEL gui TIMEOUT 120 SOURCES hubwindow_test.cpp LIBS pulsedeck_ui)
