target_sources(pulsedeck_ui PRIVATE
  alerts/alertcells.cpp
  alerts/alertdetail.cpp
  alerts/alertnotifier.cpp
  alerts/alertspage.cpp
  alerts/letterlesstable.cpp
  alerts/outletboard.h
  alerts/outletmodel.cpp
  alerts/outletpanel.cpp
  alerts/rulecells.cpp
  alerts/silencedialog.cpp
  alerts/twolinecell.cpp
)
