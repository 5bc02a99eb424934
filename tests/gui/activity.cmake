# The Activity page, over a journal in a true file.
pulsedeck_test(NAME activitypage_test LABEL gui TIMEOUT 180 SOURCES activitypage_test.cpp activityfixture.h LIBS pulsedeck_ui pulsedeck_journal)
