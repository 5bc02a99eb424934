# Commands: dialog, page, menus.
target_sources(pulsedeck_ui PRIVATE
  commands/capacitybars.cpp
  commands/commandactions.cpp
  commands/commanddialog.cpp
  commands/commanddraft.cpp
  commands/commandmenu.cpp
  commands/commandprogresspage.cpp
  commands/commandquestion.cpp
  commands/commandspage.cpp
  commands/commandtable.cpp
  commands/grouplist.cpp
  commands/groupsummary.cpp
  commands/groupview.cpp
  commands/ladderdelegate.cpp
  commands/questionfigures.cpp
  commands/queuerow.cpp
  commands/stagebar.cpp
  commands/strategybox.cpp
  commands/targetdialog.cpp
  commands/workerchips.cpp
  commands/workercommands.cpp
)
