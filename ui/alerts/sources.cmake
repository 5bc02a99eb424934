target_sources(pulsedeck_ui PRIVATE
  alerts/alertcells.cpp
  alerts/alertdetail.cpp
  alerts/alertnotifier.cpp
  alerts/alertspage.cpp
)
