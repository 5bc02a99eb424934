target_sources(pulsedeck_ui PRIVATE
  queues/queuecells.cpp
  queues/queuechart.cpp
  queues/queuedock.cpp
  queues/queueheadings.cpp
  queues/queuesheader.cpp
  queues/queuespage.cpp
  queues/queuetable.cpp
)
