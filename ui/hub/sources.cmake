# The hub panel: figures, discovery, messages.
target_sources(pulsedeck_ui PRIVATE
  hub/hubcontext.h
  hub/hubdiscover.cpp
  hub/hubmessagetab.cpp
  hub/hubmetricschart.cpp
  hub/huboverview.cpp
  hub/hubpanel.cpp
  hub/jsonedit.cpp
  hub/messageform.cpp
  hub/messagehistory.cpp
  hub/topicbar.cpp
)
