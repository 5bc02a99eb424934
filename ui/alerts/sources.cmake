target_sources(pulsedeck_ui PRIVATE
  alerts/alertcells.cpp
  alerts/alertdetail.cpp
  alerts/alertnotifier.cpp
  alerts/alertspage.cpp
  alerts/alertsubjects.cpp
  alerts/letterlesstable.cpp
  alerts/outletboard.h
  alerts/outletmodel.cpp
  alerts/outletpanel.cpp
  alerts/rulecells.cpp
  alerts/silencedialog.cpp
  alerts/subjectcells.cpp
  alerts/subjecttable.cpp
  alerts/twolinecell.cpp
)
