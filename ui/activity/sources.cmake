target_sources(pulsedeck_ui PRIVATE
  activity/activitypage.cpp
  activity/activitytoolbar.cpp
  activity/activityview.cpp
  activity/activitywords.cpp
  activity/commandsteps.cpp
  activity/entrydetail.cpp
  activity/kindchip.cpp
  activity/recordingbanner.cpp
)
