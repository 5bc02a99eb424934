<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
  <context>
    <name>Act</name>
    <message numerus="yes">
      <source>(It takes/They take) no new sessions, (finishes those it has/finish those they have), then (exits/exit).</source>
      <translation>
        <numerusform>It takes no new sessions, finishes those it has, then exits.</numerusform>
        <numerusform>They take no new sessions, finish those they have, then exit.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>(It is/They are) sent worker:shutdown. If (it obeys/they obey), (it exits/they exit) and (its registration ends/their registrations end).</source>
      <translation>
        <numerusform>It is sent worker:shutdown. If it obeys, it exits and its registration ends.</numerusform>
        <numerusform>They are sent worker:shutdown. If they obey, they exit and their registrations end.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>(It takes/They take) no new sessions, (finishes those it has/finish those they have), and (stays/stay) up until resumed or shut down.</source>
      <translation>
        <numerusform>It takes no new sessions, finishes those it has, and stays up until resumed or shut down.</numerusform>
        <numerusform>They take no new sessions, finish those they have, and stay up until resumed or shut down.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>(It is/They are) sent worker:drain. If (it obeys/they obey), (it takes/they take) no new work and (stays/stay) registered.</source>
      <translation>
        <numerusform>It is sent worker:drain. If it obeys, it takes no new work and stays registered.</numerusform>
        <numerusform>They are sent worker:drain. If they obey, they take no new work and stay registered.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>(It is/They are) available again and (takes/take) new sessions.</source>
      <translation>
        <numerusform>It is available again and takes new sessions.</numerusform>
        <numerusform>They are available again and take new sessions.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln command(s)</source>
      <translation>
        <numerusform>%Ln command</numerusform>
        <numerusform>%Ln commands</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Commands that have not been read yet are withdrawn.</source>
      <translation>
        <numerusform>Commands that have not been read yet are withdrawn.</numerusform>
        <numerusform>Commands that have not been read yet are withdrawn.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln zombie(s)</source>
      <translation>
        <numerusform>%Ln zombie</numerusform>
        <numerusform>%Ln zombies</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>The counters of workers whose key is gone are removed by the reaper's own rule. This cannot be undone.</source>
      <translation>
        <numerusform>The counters of workers whose key is gone are removed by the reaper's own rule. This cannot be undone.</numerusform>
        <numerusform>The counters of workers whose key is gone are removed by the reaper's own rule. This cannot be undone.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln key(s)</source>
      <translation>
        <numerusform>%Ln key</numerusform>
        <numerusform>%Ln keys</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Keys that never expire are removed if they have had no heartbeat since they were shown. This cannot be undone.</source>
      <translation>
        <numerusform>Keys that never expire are removed if they have had no heartbeat since they were shown. This cannot be undone.</numerusform>
        <numerusform>Keys that never expire are removed if they have had no heartbeat since they were shown. This cannot be undone.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>(It writes what its/They write what their) threads are doing to the log, and (goes/go) on working.</source>
      <translation>
        <numerusform>It writes what its threads are doing to the log, and goes on working.</numerusform>
        <numerusform>They write what their threads are doing to the log, and go on working.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>The (process of its running job is/processes of their running jobs are) killed: the (job fails/jobs fail). The (worker stays/workers stay).</source>
      <translation>
        <numerusform>The process of its running job is killed: the job fails. The worker stays.</numerusform>
        <numerusform>The processes of their running jobs are killed: the jobs fail. The workers stay.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln fleet(s)</source>
      <translation>
        <numerusform>%Ln fleet</numerusform>
        <numerusform>%Ln fleets</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln queue(s)</source>
      <translation>
        <numerusform>%Ln queue</numerusform>
        <numerusform>%Ln queues</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ActivityPage</name>
    <message numerus="yes">
      <source>Only the newest %Ln entr(y/ies) (was/were) exported. Narrow the time range to export older ones.</source>
      <translation>
        <numerusform>Only the newest %Ln entry was exported. Narrow the time range to export older ones.</numerusform>
        <numerusform>Only the newest %Ln entries were exported. Narrow the time range to export older ones.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>At most %Ln entr(y/ies), %1
%2</source>
      <translation>
        <numerusform>At most %Ln entry, %1
%2</numerusform>
        <numerusform>At most %Ln entries, %1
%2</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>At most %Ln entr(y/ies), until this window is closed</source>
      <translation>
        <numerusform>At most %Ln entry, until this window is closed</numerusform>
        <numerusform>At most %Ln entries, until this window is closed</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Show more than %Ln new entr(y/ies)</source>
      <translation>
        <numerusform>Show more than %Ln new entry</numerusform>
        <numerusform>Show more than %Ln new entries</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Show %Ln new entr(y/ies)</source>
      <translation>
        <numerusform>Show %Ln new entry</numerusform>
        <numerusform>Show %Ln new entries</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ActivityTexts</name>
    <message numerus="yes">
      <source>kept %Ln day(s)</source>
      <translation>
        <numerusform>kept %Ln day</numerusform>
        <numerusform>kept %Ln days</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1+ of %Ln entr(y/ies)</source>
      <translation>
        <numerusform>%1+ of %Ln entry</numerusform>
        <numerusform>%1+ of %Ln entries</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 of %Ln entr(y/ies)</source>
      <translation>
        <numerusform>%1 of %Ln entry</numerusform>
        <numerusform>%1 of %Ln entries</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln entr(y/ies)</source>
      <translation>
        <numerusform>%Ln entry</numerusform>
        <numerusform>%Ln entries</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>AlertTexts</name>
    <message numerus="yes">
      <source>%Ln host(s)</source>
      <translation>
        <numerusform>%Ln host</numerusform>
        <numerusform>%Ln hosts</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln source(s)</source>
      <translation>
        <numerusform>%Ln source</numerusform>
        <numerusform>%Ln sources</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln queue(s)</source>
      <translation>
        <numerusform>%Ln queue</numerusform>
        <numerusform>%Ln queues</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1: %2 of %Ln worker(s) can take work, %3 %</source>
      <translation>
        <numerusform>%1: %2 of %Ln worker can take work, %3 %</numerusform>
        <numerusform>%1: %2 of %Ln workers can take work, %3 %</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 and %Ln more</source>
      <translation>
        <numerusform>%1 and %Ln more</numerusform>
        <numerusform>%1 and %Ln more</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ClientReader</name>
    <message numerus="yes">
      <source>%Ln connection(s) (is/are) left out, because no queue can be read from (its name/their names): %1.</source>
      <translation>
        <numerusform>%Ln connection is left out, because no queue can be read from its name: %1.</numerusform>
        <numerusform>%Ln connections are left out, because no queue can be read from their names: %1.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>CommandTexts</name>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln actor(s)</source>
      <translation>
        <numerusform>%Ln actor</numerusform>
        <numerusform>%Ln actors</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln key(s) without TTL</source>
      <translation>
        <numerusform>%Ln key without TTL</numerusform>
        <numerusform>%Ln keys without TTL</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln %1 actor(s)</source>
      <translation>
        <numerusform>%Ln %1 actor</numerusform>
        <numerusform>%Ln %1 actors</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln %1 worker(s)</source>
      <translation>
        <numerusform>%Ln %1 worker</numerusform>
        <numerusform>%Ln %1 workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln session(s) cut</source>
      <translation>
        <numerusform>%Ln session cut</numerusform>
        <numerusform>%Ln sessions cut</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 The actor(s) (is/are) sent %2 and (obeys/obey) or not.</source>
      <translation>
        <numerusform>%1 The actor is sent %2 and obeys or not.</numerusform>
        <numerusform>%1 The actors are sent %2 and obey or not.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 went with %Ln session(s) still open.</source>
      <translation>
        <numerusform>%1 went with %Ln session still open.</numerusform>
        <numerusform>%1 went with %Ln sessions still open.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>CommandWords</name>
    <message numerus="yes">
      <source>Gone %1; %Ln session(s) (was/were) cut.</source>
      <translation>
        <numerusform>Gone %1; %Ln session was cut.</numerusform>
        <numerusform>Gone %1; %Ln sessions were cut.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Gone; %Ln session(s) (was/were) cut.</source>
      <translation>
        <numerusform>Gone; %Ln session was cut.</numerusform>
        <numerusform>Gone; %Ln sessions were cut.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>The command key is set, and was announced to %Ln receiver(s).</source>
      <translation>
        <numerusform>The command key is set, and was announced to %Ln receiver.</numerusform>
        <numerusform>The command key is set, and was announced to %Ln receivers.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>It was published to all %Ln worker(s) that are connected, for this one alone; nothing shows yet that it is obeyed.</source>
      <translation>
        <numerusform>It was published to all %Ln worker that are connected, for this one alone; nothing shows yet that it is obeyed.</numerusform>
        <numerusform>It was published to all %Ln workers that are connected, for this one alone; nothing shows yet that it is obeyed.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>It was published and received by %Ln process(es); nothing shows yet that it is obeyed.</source>
      <translation>
        <numerusform>It was published and received by %Ln process; nothing shows yet that it is obeyed.</numerusform>
        <numerusform>It was published and received by %Ln processes; nothing shows yet that it is obeyed.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln session(s) open</source>
      <translation>
        <numerusform>%Ln session open</numerusform>
        <numerusform>%Ln sessions open</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>EmptyFleet</name>
    <message numerus="yes">
      <source>None of %Ln worker(s) matches %1.</source>
      <translation>
        <numerusform>None of %Ln worker matches %1.</numerusform>
        <numerusform>None of %Ln workers matches %1.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>EventWords</name>
    <message numerus="yes">
      <source>%Ln workers were lost: their keys or registrations expired: %1</source>
      <translation>
        <numerusform>%Ln workers were lost: their keys or registrations expired: %1</numerusform>
        <numerusform>%Ln workers were lost: their keys or registrations expired: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers ended: %1</source>
      <translation>
        <numerusform>%Ln workers ended: %1</numerusform>
        <numerusform>%Ln workers ended: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers returned: %1</source>
      <translation>
        <numerusform>%Ln workers returned: %1</numerusform>
        <numerusform>%Ln workers returned: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers are stale: %1</source>
      <translation>
        <numerusform>%Ln workers are stale: %1</numerusform>
        <numerusform>%Ln workers are stale: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers are hung: their processes listen but send no heartbeats: %1</source>
      <translation>
        <numerusform>%Ln workers are hung: their processes listen but send no heartbeats: %1</numerusform>
        <numerusform>%Ln workers are hung: their processes listen but send no heartbeats: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers crashed: no processes listen on their command channels any more: %1</source>
      <translation>
        <numerusform>%Ln workers crashed: no processes listen on their command channels any more: %1</numerusform>
        <numerusform>%Ln workers crashed: no processes listen on their command channels any more: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers report available again while they are draining: %1</source>
      <translation>
        <numerusform>%Ln workers report available again while they are draining: %1</numerusform>
        <numerusform>%Ln workers report available again while they are draining: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers registered again, which undid operators' drains: %1</source>
      <translation>
        <numerusform>%Ln workers registered again, which undid operators' drains: %1</numerusform>
        <numerusform>%Ln workers registered again, which undid operators' drains: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers lost their keys and may be alive: %1</source>
      <translation>
        <numerusform>%Ln workers lost their keys and may be alive: %1</numerusform>
        <numerusform>%Ln workers lost their keys and may be alive: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers are ghosts: still in a registry, and without a key or a beat: %1</source>
      <translation>
        <numerusform>%Ln workers are ghosts: still in a registry, and without a key or a beat: %1</numerusform>
        <numerusform>%Ln workers are ghosts: still in a registry, and without a key or a beat: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers have fields that cannot be read: %1</source>
      <translation>
        <numerusform>%Ln workers have fields that cannot be read: %1</numerusform>
        <numerusform>%Ln workers have fields that cannot be read: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln workers have clocks that are off: %1</source>
      <translation>
        <numerusform>%Ln workers have clocks that are off: %1</numerusform>
        <numerusform>%Ln workers have clocks that are off: %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 and %Ln more</source>
      <translation>
        <numerusform>%1 and %Ln more</numerusform>
        <numerusform>%1 and %Ln more</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>FailureTexts</name>
    <message numerus="yes">
      <source>%Ln slot(s) (has/have) no master.</source>
      <translation>
        <numerusform>%Ln slot has no master.</numerusform>
        <numerusform>%Ln slots have no master.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>FleetColumnTexts</name>
    <message numerus="yes">
      <source>%Ln beat(s)</source>
      <translation>
        <numerusform>%Ln beat</numerusform>
        <numerusform>%Ln beats</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln beat(s), the last %1 ago</source>
      <translation>
        <numerusform>%Ln beat, the last %1 ago</numerusform>
        <numerusform>%Ln beats, the last %1 ago</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>FleetWords</name>
    <message numerus="yes">
      <source>draining %Ln session(s) for %1, timeout not known</source>
      <translation>
        <numerusform>draining %Ln session for %1, timeout not known</numerusform>
        <numerusform>draining %Ln sessions for %1, timeout not known</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>draining %Ln session(s) · over by %1</source>
      <translation>
        <numerusform>draining %Ln session · over by %1</numerusform>
        <numerusform>draining %Ln sessions · over by %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>draining %Ln session(s) · %1 left</source>
      <translation>
        <numerusform>draining %Ln session · %1 left</numerusform>
        <numerusform>draining %Ln sessions · %1 left</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>HubLogTexts</name>
    <message numerus="yes">
      <source>reached %Ln actor(s)</source>
      <translation>
        <numerusform>reached %Ln actor</numerusform>
        <numerusform>reached %Ln actors</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>reached %1 of %Ln actor(s)</source>
      <translation>
        <numerusform>reached %1 of %Ln actor</numerusform>
        <numerusform>reached %1 of %Ln actors</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln subscriber(s)</source>
      <translation>
        <numerusform>%Ln subscriber</numerusform>
        <numerusform>%Ln subscribers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln byte(s) of data</source>
      <translation>
        <numerusform>%Ln byte of data</numerusform>
        <numerusform>%Ln bytes of data</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>HubSourceTexts</name>
    <message numerus="yes">
      <source>forgot everything: %Ln actor(s) awaited</source>
      <translation>
        <numerusform>forgot everything: %Ln actor awaited</numerusform>
        <numerusform>forgot everything: %Ln actors awaited</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>lost all registrations: %Ln actor(s) awaited</source>
      <translation>
        <numerusform>lost all registrations: %Ln actor awaited</numerusform>
        <numerusform>lost all registrations: %Ln actors awaited</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>HubTexts</name>
    <message numerus="yes">
      <source>%Ln message(s) waiting to be sent</source>
      <translation>
        <numerusform>%Ln message waiting to be sent</numerusform>
        <numerusform>%Ln messages waiting to be sent</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln actor(s)</source>
      <translation>
        <numerusform>%Ln actor</numerusform>
        <numerusform>%Ln actors</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln page(s)</source>
      <translation>
        <numerusform>%Ln page</numerusform>
        <numerusform>%Ln pages</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln actor(s) (has/have) not registered again since the hub forgot everything</source>
      <translation>
        <numerusform>%Ln actor has not registered again since the hub forgot everything</numerusform>
        <numerusform>%Ln actors have not registered again since the hub forgot everything</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln entr(y/ies) could not be read</source>
      <translation>
        <numerusform>%Ln entry could not be read</numerusform>
        <numerusform>%Ln entries could not be read</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln message(s) could not be read</source>
      <translation>
        <numerusform>%Ln message could not be read</numerusform>
        <numerusform>%Ln messages could not be read</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>HubViewTexts</name>
    <message numerus="yes">
      <source>%Ln over the message rate</source>
      <translation>
        <numerusform>%Ln over the message rate</numerusform>
        <numerusform>%Ln over the message rate</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln over the byte rate</source>
      <translation>
        <numerusform>%Ln over the byte rate</numerusform>
        <numerusform>%Ln over the byte rate</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln because the window was behind</source>
      <translation>
        <numerusform>%Ln because the window was behind</numerusform>
        <numerusform>%Ln because the window was behind</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln message(s) of others (was/were) not kept: %1</source>
      <translation>
        <numerusform>%Ln message of others was not kept: %1</numerusform>
        <numerusform>%Ln messages of others were not kept: %1</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>LaneNames</name>
    <message numerus="yes">
      <source>%Ln lane(s), folded</source>
      <translation>
        <numerusform>%Ln lane, folded</numerusform>
        <numerusform>%Ln lanes, folded</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>up to %Ln in a row, click to unfold</source>
      <translation>
        <numerusform>up to %Ln in a row, click to unfold</numerusform>
        <numerusform>up to %Ln in a row, click to unfold</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>LaneWords</name>
    <message numerus="yes">
      <source>%Ln other lane(s) (was/were) late then</source>
      <translation>
        <numerusform>%Ln other lane was late then</numerusform>
        <numerusform>%Ln other lanes were late then</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln beat(s) missed</source>
      <translation>
        <numerusform>%Ln beat missed</numerusform>
        <numerusform>%Ln beats missed</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln lane(s)</source>
      <translation>
        <numerusform>%Ln lane</numerusform>
        <numerusform>%Ln lanes</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln past the interval</source>
      <translation>
        <numerusform>%Ln past the interval</numerusform>
        <numerusform>%Ln past the interval</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln past threshold or TTL</source>
      <translation>
        <numerusform>%Ln past threshold or TTL</numerusform>
        <numerusform>%Ln past threshold or TTL</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>click to unfold %Ln lane(s)</source>
      <translation>
        <numerusform>click to unfold %Ln lane</numerusform>
        <numerusform>click to unfold %Ln lanes</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln lane(s), folded</source>
      <translation>
        <numerusform>%Ln lane, folded</numerusform>
        <numerusform>%Ln lanes, folded</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln queue(s)</source>
      <translation>
        <numerusform>%Ln queue</numerusform>
        <numerusform>%Ln queues</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln lane(s) of workers that are no longer there</source>
      <translation>
        <numerusform>%Ln lane of workers that are no longer there</numerusform>
        <numerusform>%Ln lanes of workers that are no longer there</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln gap(s) from %1 to %2</source>
      <translation>
        <numerusform>%Ln gap from %1 to %2</numerusform>
        <numerusform>%Ln gaps from %1 to %2</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>LayoutTexts</name>
    <message numerus="yes">
      <source>%Ln in %1</source>
      <translation>
        <numerusform>%Ln in %1</numerusform>
        <numerusform>%Ln in %1</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>PairTexts</name>
    <message numerus="yes">
      <source>%Ln error(s): these values do not work together.</source>
      <translation>
        <numerusform>%Ln error: these values do not work together.</numerusform>
        <numerusform>%Ln errors: these values do not work together.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln warning(s).</source>
      <translation>
        <numerusform>%Ln warning.</numerusform>
        <numerusform>%Ln warnings.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln error(s) (blocks/block) Apply.</source>
      <translation>
        <numerusform>%Ln error blocks Apply.</numerusform>
        <numerusform>%Ln errors block Apply.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln warning(s) (has/have) to be acknowledged.</source>
      <translation>
        <numerusform>%Ln warning has to be acknowledged.</numerusform>
        <numerusform>%Ln warnings have to be acknowledged.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>QueuesPage</name>
    <message numerus="yes">
      <source>%Ln queue(s) are there.</source>
      <translation>
        <numerusform>%Ln queue are there.</numerusform>
        <numerusform>%Ln queues are there.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>&amp;Resume %Ln queue(s)…</source>
      <translation>
        <numerusform>&amp;Resume %Ln queue…</numerusform>
        <numerusform>&amp;Resume %Ln queues…</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>&amp;Pause %Ln queue(s)…</source>
      <translation>
        <numerusform>&amp;Pause %Ln queue…</numerusform>
        <numerusform>&amp;Pause %Ln queues…</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ReportPage</name>
    <message numerus="yes">
      <source>and %Ln more</source>
      <translation>
        <numerusform>and %Ln more</numerusform>
        <numerusform>and %Ln more</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>and %Ln more worker(s)</source>
      <translation>
        <numerusform>and %Ln more worker</numerusform>
        <numerusform>and %Ln more workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln without any</source>
      <comment>values of which no worker was affected</comment>
      <translation>
        <numerusform>%Ln without any</numerusform>
        <numerusform>%Ln without any</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ReportPanel</name>
    <message numerus="yes">
      <source>and %Ln more</source>
      <translation>
        <numerusform>and %Ln more</numerusform>
        <numerusform>and %Ln more</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ReportPictures</name>
    <message numerus="yes">
      <source>at most %Ln at a time</source>
      <translation>
        <numerusform>at most %Ln at a time</numerusform>
        <numerusform>at most %Ln at a time</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>ReportWords</name>
    <message numerus="yes">
      <source>%1 of %Ln lost worker(s)</source>
      <translation>
        <numerusform>%1 of %Ln lost worker</numerusform>
        <numerusform>%1 of %Ln lost workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Of the %Ln other worker(s), %1 were late or worse.</source>
      <translation>
        <numerusform>Of the %Ln other worker, %1 were late or worse.</numerusform>
        <numerusform>Of the %Ln other workers, %1 were late or worse.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Of the %Ln other worker(s), none was late.</source>
      <translation>
        <numerusform>Of the %Ln other worker, none was late.</numerusform>
        <numerusform>Of the %Ln other workers, none was late.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 of %Ln worker(s) that were late or worse</source>
      <translation>
        <numerusform>%1 of %Ln worker that were late or worse</numerusform>
        <numerusform>%1 of %Ln workers that were late or worse</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 of %Ln worker(s) that ended</source>
      <translation>
        <numerusform>%1 of %Ln worker that ended</numerusform>
        <numerusform>%1 of %Ln workers that ended</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Of the %Ln other worker(s), %1 ended.</source>
      <translation>
        <numerusform>Of the %Ln other worker, %1 ended.</numerusform>
        <numerusform>Of the %Ln other workers, %1 ended.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Of the %Ln other worker(s), none ended.</source>
      <translation>
        <numerusform>Of the %Ln other worker, none ended.</numerusform>
        <numerusform>Of the %Ln other workers, none ended.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 of %Ln worker(s) that came back</source>
      <translation>
        <numerusform>%1 of %Ln worker that came back</numerusform>
        <numerusform>%1 of %Ln workers that came back</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Of the %Ln other worker(s), %1 came back.</source>
      <translation>
        <numerusform>Of the %Ln other worker, %1 came back.</numerusform>
        <numerusform>Of the %Ln other workers, %1 came back.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Of the %Ln other worker(s), none came back.</source>
      <translation>
        <numerusform>Of the %Ln other worker, none came back.</numerusform>
        <numerusform>Of the %Ln other workers, none came back.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 for %Ln worker(s)</source>
      <translation>
        <numerusform>%1 for %Ln worker</numerusform>
        <numerusform>%1 for %Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 for %Ln worker(s), by %2</source>
      <translation>
        <numerusform>%1 for %Ln worker, by %2</numerusform>
        <numerusform>%1 for %Ln workers, by %2</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 of %Ln worker(s), the first at %2</source>
      <translation>
        <numerusform>%1 of %Ln worker, the first at %2</numerusform>
        <numerusform>%1 of %Ln workers, the first at %2</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 of %Ln worker(s), already when it began</source>
      <translation>
        <numerusform>%1 of %Ln worker, already when it began</numerusform>
        <numerusform>%1 of %Ln workers, already when it began</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 of %Ln worker(s), %2 of them already when it began, the next at %3</source>
      <translation>
        <numerusform>%1 of %Ln worker, %2 of them already when it began, the next at %3</numerusform>
        <numerusform>%1 of %Ln workers, %2 of them already when it began, the next at %3</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>None of %Ln worker(s) was late, was lost or ended.</source>
      <translation>
        <numerusform>None of %Ln worker was late, was lost or ended.</numerusform>
        <numerusform>None of %Ln workers was late, was lost or ended.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>It has %Ln worker(s) in all; %1 of them are among these.</source>
      <translation>
        <numerusform>It has %Ln worker in all; %1 of them are among these.</numerusform>
        <numerusform>It has %Ln workers in all; %1 of them are among these.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 of %Ln worker(s) were affected, nearly all: what they share tells nothing about the cause.</source>
      <translation>
        <numerusform>%1 of %Ln worker were affected, nearly all: what they share tells nothing about the cause.</numerusform>
        <numerusform>%1 of %Ln workers were affected, nearly all: what they share tells nothing about the cause.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>no beat for %1 and none after it, expected each %2: %Ln missed</source>
      <translation>
        <numerusform>no beat for %1 and none after it, expected each %2: %Ln missed</numerusform>
        <numerusform>no beat for %1 and none after it, expected each %2: %Ln missed</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>no beat for %1, expected each %2: %Ln missed</source>
      <translation>
        <numerusform>no beat for %1, expected each %2: %Ln missed</numerusform>
        <numerusform>no beat for %1, expected each %2: %Ln missed</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker(s) report version %1, which none of this system had reported before</source>
      <translation>
        <numerusform>%Ln worker report version %1, which none of this system had reported before</numerusform>
        <numerusform>%Ln workers report version %1, which none of this system had reported before</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln more worker(s) report version %1</source>
      <translation>
        <numerusform>%Ln more worker report version %1</numerusform>
        <numerusform>%Ln more workers report version %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source> of %Ln</source>
      <comment>counts of a value, of all its workers</comment>
      <translation>
        <numerusform> of %Ln</numerusform>
        <numerusform> of %Ln</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>and %Ln more</source>
      <translation>
        <numerusform>and %Ln more</numerusform>
        <numerusform>and %Ln more</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>Reregistration</name>
    <message numerus="yes">
      <source>%1 was restarted and has lost keys: %Ln worker(s) (has/have) not registered again yet. (It is/They are) not gone.</source>
      <translation>
        <numerusform>%1 was restarted and has lost keys: %Ln worker has not registered again yet. It is not gone.</numerusform>
        <numerusform>%1 was restarted and has lost keys: %Ln workers have not registered again yet. They are not gone.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>A failover has led to another %1, and keys are missing there: %Ln worker(s) (has/have) not registered again yet. (It is/They are) not gone.</source>
      <translation>
        <numerusform>A failover has led to another %1, and keys are missing there: %Ln worker has not registered again yet. It is not gone.</numerusform>
        <numerusform>A failover has led to another %1, and keys are missing there: %Ln workers have not registered again yet. They are not gone.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 was emptied: %Ln worker(s) (has/have) not registered again yet. (It is/They are) not gone.</source>
      <translation>
        <numerusform>%1 was emptied: %Ln worker has not registered again yet. It is not gone.</numerusform>
        <numerusform>%1 was emptied: %Ln workers have not registered again yet. They are not gone.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>RollingPlan</name>
    <message numerus="yes">
      <source>Stopped: %Ln queued worker(s) (stays/stay).</source>
      <translation>
        <numerusform>Stopped: %Ln queued worker stays.</numerusform>
        <numerusform>Stopped: %Ln queued workers stay.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>RollingWords</name>
    <message numerus="yes">
      <source>%1 is at its floor of %2: %Ln queued worker(s) cannot go</source>
      <translation>
        <numerusform>%1 is at its floor of %2: %Ln queued worker cannot go</numerusform>
        <numerusform>%1 is at its floor of %2: %Ln queued workers cannot go</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 is at its floor of %2: %Ln queued worker(s) (waits/wait)</source>
      <translation>
        <numerusform>%1 is at its floor of %2: %Ln queued worker waits</numerusform>
        <numerusform>%1 is at its floor of %2: %Ln queued workers wait</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln of %1 (was/were) not replaced.</source>
      <translation>
        <numerusform>%Ln of %1 was not replaced.</numerusform>
        <numerusform>%Ln of %1 were not replaced.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln of %1 had already gone before (its/their) turn came.</source>
      <translation>
        <numerusform>%Ln of %1 had already gone before its turn came.</numerusform>
        <numerusform>%Ln of %1 had already gone before their turn came.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>RuleTexts</name>
    <message numerus="yes">
      <source>%1 with %Ln actor(s)</source>
      <translation>
        <numerusform>%1 with %Ln actor</numerusform>
        <numerusform>%1 with %Ln actors</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>SessionCounters</name>
    <message numerus="yes">
      <source>%Ln active counter(s) (is/are) left out, because no worker has such a long name: %1.</source>
      <translation>
        <numerusform>%Ln active counter is left out, because no worker has such a long name: %1.</numerusform>
        <numerusform>%Ln active counters are left out, because no worker has such a long name: %1.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln lifetime counter(s) (is/are) left out, because no worker has such a long name: %1.</source>
      <translation>
        <numerusform>%Ln lifetime counter is left out, because no worker has such a long name: %1.</numerusform>
        <numerusform>%Ln lifetime counters are left out, because no worker has such a long name: %1.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>SourceStateTexts</name>
    <message numerus="yes">
      <source>%Ln worker(s) (is/are) not shown: the console holds at most %1 of all sources together.</source>
      <translation>
        <numerusform>%Ln worker is not shown: the console holds at most %1 of all sources together.</numerusform>
        <numerusform>%Ln workers are not shown: the console holds at most %1 of all sources together.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>SourceTexts</name>
    <message numerus="yes">
      <source>%Ln act(s) (is/are) not possible</source>
      <translation>
        <numerusform>%Ln act is not possible</numerusform>
        <numerusform>%Ln acts are not possible</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>SourceTraits</name>
    <message numerus="yes">
      <source>%Ln job(s)</source>
      <translation>
        <numerusform>%Ln job</numerusform>
        <numerusform>%Ln jobs</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln task(s)</source>
      <translation>
        <numerusform>%Ln task</numerusform>
        <numerusform>%Ln tasks</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln thread(s)</source>
      <translation>
        <numerusform>%Ln thread</numerusform>
        <numerusform>%Ln threads</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln process(es)</source>
      <translation>
        <numerusform>%Ln process</numerusform>
        <numerusform>%Ln processes</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln message(s)</source>
      <translation>
        <numerusform>%Ln message</numerusform>
        <numerusform>%Ln messages</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln session(s)</source>
      <translation>
        <numerusform>%Ln session</numerusform>
        <numerusform>%Ln sessions</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln actor(s)</source>
      <translation>
        <numerusform>%Ln actor</numerusform>
        <numerusform>%Ln actors</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln consumer(s)</source>
      <translation>
        <numerusform>%Ln consumer</numerusform>
        <numerusform>%Ln consumers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln health check(s)</source>
      <translation>
        <numerusform>%Ln health check</numerusform>
        <numerusform>%Ln health checks</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln master(s)</source>
      <translation>
        <numerusform>%Ln master</numerusform>
        <numerusform>%Ln masters</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln scheduler(s)</source>
      <translation>
        <numerusform>%Ln scheduler</numerusform>
        <numerusform>%Ln schedulers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln server(s)</source>
      <translation>
        <numerusform>%Ln server</numerusform>
        <numerusform>%Ln servers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker pool(s)</source>
      <translation>
        <numerusform>%Ln worker pool</numerusform>
        <numerusform>%Ln worker pools</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>StreamDialect</name>
    <message numerus="yes">
      <source>%Ln consumer(s) (is/are) left out, because the names of stream, group and consumer are together too long or do not fit the layout: %1</source>
      <translation>
        <numerusform>%Ln consumer is left out, because the names of stream, group and consumer are together too long or do not fit the layout: %1</numerusform>
        <numerusform>%Ln consumers are left out, because the names of stream, group and consumer are together too long or do not fit the layout: %1</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>SummaryTexts</name>
    <message numerus="yes">
      <source>waiting for (its/their) answer</source>
      <translation>
        <numerusform>waiting for its answer</numerusform>
        <numerusform>waiting for their answer</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>SystemWordsTexts</name>
    <message numerus="yes">
      <source>%1 and %Ln more</source>
      <translation>
        <numerusform>%1 and %Ln more</numerusform>
        <numerusform>%1 and %Ln more</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>about %Ln command(s)/s</source>
      <translation>
        <numerusform>about %Ln command/s</numerusform>
        <numerusform>about %Ln commands/s</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>act, except %1 and %Ln more</source>
      <translation>
        <numerusform>act, except %1 and %Ln more</numerusform>
        <numerusform>act, except %1 and %Ln more</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>TimingController</name>
    <message numerus="yes">
      <source>all %Ln worker(s) (is/are) on v%1, %2 s after it was applied</source>
      <translation>
        <numerusform>all %Ln worker is on v%1, %2 s after it was applied</numerusform>
        <numerusform>all %Ln workers are on v%1, %2 s after it was applied</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>TimingInForce</name>
    <message numerus="yes">
      <source>%Ln entr(y/ies) cannot be read and (is/are) left out</source>
      <translation>
        <numerusform>%Ln entry cannot be read and is left out</numerusform>
        <numerusform>%Ln entries cannot be read and are left out</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>TimingPage</name>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 · %Ln actor(s)</source>
      <translation>
        <numerusform>%1 · %Ln actor</numerusform>
        <numerusform>%1 · %Ln actors</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln hub(s)</source>
      <translation>
        <numerusform>%Ln hub</numerusform>
        <numerusform>%Ln hubs</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1: all %Ln worker(s) (is/are) on the new interval and TTL, after %2</source>
      <translation>
        <numerusform>%1: all %Ln worker is on the new interval and TTL, after %2</numerusform>
        <numerusform>%1: all %Ln workers are on the new interval and TTL, after %2</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1: %2 of %Ln worker(s) on the new interval and TTL · %3</source>
      <translation>
        <numerusform>%1: %2 of %Ln worker on the new interval and TTL · %3</numerusform>
        <numerusform>%1: %2 of %Ln workers on the new interval and TTL · %3</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::AlertNotifier</name>
    <message numerus="yes">
      <source>%Ln alert(s)</source>
      <translation>
        <numerusform>%Ln alert</numerusform>
        <numerusform>%Ln alerts</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::AttentionPill</name>
    <message numerus="yes">
      <source>%Ln new (needs/need) attention</source>
      <translation>
        <numerusform>%Ln new needs attention</numerusform>
        <numerusform>%Ln new need attention</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::BeatHistogram</name>
    <message numerus="yes">
      <source>%Ln interval(s), %1 of them at or beyond the draft's key TTL of %2. The key TTL in force is %3.</source>
      <translation>
        <numerusform>%Ln interval, %1 of them at or beyond the draft's key TTL of %2. The key TTL in force is %3.</numerusform>
        <numerusform>%Ln intervals, %1 of them at or beyond the draft's key TTL of %2. The key TTL in force is %3.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::CapacityBars</name>
    <message numerus="yes">
      <source>%1 available, %Ln (comes/come) back</source>
      <translation>
        <numerusform>%1 available, %Ln comes back</numerusform>
        <numerusform>%1 available, %Ln come back</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln (stays/stay)</source>
      <translation>
        <numerusform>%Ln stays</numerusform>
        <numerusform>%Ln stay</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln (leaves/leave)</source>
      <translation>
        <numerusform>%Ln leaves</numerusform>
        <numerusform>%Ln leave</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::CeleryDialect</name>
    <message numerus="yes">
      <source>There are more than %Ln worker(s): the rest is not shown.</source>
      <translation>
        <numerusform>There are more than %Ln worker: the rest is not shown.</numerusform>
        <numerusform>There are more than %Ln workers: the rest is not shown.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::CommandLedger</name>
    <message numerus="yes">
      <source>%Ln command(s) (is/are) open already</source>
      <translation>
        <numerusform>%Ln command is open already</numerusform>
        <numerusform>%Ln commands are open already</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::CommandQuestion</name>
    <message numerus="yes">
      <source>%1 · slowest beat of %Ln worker(s): %2</source>
      <translation>
        <numerusform>%1 · slowest beat of %Ln worker: %2</numerusform>
        <numerusform>%1 · slowest beat of %Ln workers: %2</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>and %Ln line(s) more</source>
      <translation>
        <numerusform>and %Ln line more</numerusform>
        <numerusform>and %Ln lines more</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln died or left since this was opened, and (is/are) left out.</source>
      <translation>
        <numerusform>%Ln died or left since this was opened, and is left out.</numerusform>
        <numerusform>%Ln died or left since this was opened, and are left out.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln came back since this was opened, and (is/are) not included.</source>
      <translation>
        <numerusform>%Ln came back since this was opened, and is not included.</numerusform>
        <numerusform>%Ln came back since this was opened, and are not included.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>and for %Ln further reason(s)</source>
      <translation>
        <numerusform>and for %Ln further reason</numerusform>
        <numerusform>and for %Ln further reasons</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::CompareDialog</name>
    <message numerus="yes">
      <source>%Ln value(s) (differs/differ).</source>
      <translation>
        <numerusform>%Ln value differs.</numerusform>
        <numerusform>%Ln values differ.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::ConflictDialog</name>
    <message numerus="yes">
      <source>The new draft will change %Ln value(s) of v%1. Review and apply it next.</source>
      <translation>
        <numerusform>The new draft will change %Ln value of v%1. Review and apply it next.</numerusform>
        <numerusform>The new draft will change %Ln values of v%1. Review and apply it next.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::ConnectDialog</name>
    <message numerus="yes">
      <source>&amp;Connect with %Ln system(s)</source>
      <translation>
        <numerusform>&amp;Connect with %Ln system</numerusform>
        <numerusform>&amp;Connect with %Ln systems</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::ConsoleAlerts</name>
    <message numerus="yes">
      <source>%Ln alert(s)</source>
      <translation>
        <numerusform>%Ln alert</numerusform>
        <numerusform>%Ln alerts</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::ConsoleOutlets</name>
    <message numerus="yes">
      <source>%Ln sent</source>
      <translation>
        <numerusform>%Ln sent</numerusform>
        <numerusform>%Ln sent</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln attempt(s), next in %1</source>
      <translation>
        <numerusform>%Ln attempt, next in %1</numerusform>
        <numerusform>%Ln attempts, next in %1</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::DeathCurve</name>
    <message numerus="yes">
      <source>default = yours: %Ln worker(s) at %1</source>
      <translation>
        <numerusform>default = yours: %Ln worker at %1</numerusform>
        <numerusform>default = yours: %Ln workers at %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>yours: %Ln worker(s) at %1</source>
      <translation>
        <numerusform>yours: %Ln worker at %1</numerusform>
        <numerusform>yours: %Ln workers at %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>default: %Ln worker(s) at %1</source>
      <translation>
        <numerusform>default: %Ln worker at %1</numerusform>
        <numerusform>default: %Ln workers at %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>today = draft: %Ln worker(s) at %1</source>
      <translation>
        <numerusform>today = draft: %Ln worker at %1</numerusform>
        <numerusform>today = draft: %Ln workers at %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>draft: %Ln worker(s) at %1</source>
      <translation>
        <numerusform>draft: %Ln worker at %1</numerusform>
        <numerusform>draft: %Ln workers at %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>today: %Ln worker(s) at %1</source>
      <translation>
        <numerusform>today: %Ln worker at %1</numerusform>
        <numerusform>today: %Ln workers at %1</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::DeathList</name>
    <message numerus="yes">
      <source>%Ln worker(s) would have been declared dead and came back. Based on %1.</source>
      <translation>
        <numerusform>%Ln worker would have been declared dead and came back. Based on %1.</numerusform>
        <numerusform>%Ln workers would have been declared dead and came back. Based on %1.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>The worst %Ln (is/are) listed.</source>
      <translation>
        <numerusform>The worst %Ln is listed.</numerusform>
        <numerusform>The worst %Ln are listed.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::DraftActions</name>
    <message numerus="yes">
      <source>%Ln warning(s) in force.</source>
      <translation>
        <numerusform>%Ln warning in force.</numerusform>
        <numerusform>%Ln warnings in force.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::EffectTable</name>
    <message numerus="yes">
      <source>%Ln beat(s) + %1</source>
      <translation>
        <numerusform>%Ln beat + %1</numerusform>
        <numerusform>%Ln beats + %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln beat(s) can be missed, with %1 to spare</source>
      <translation>
        <numerusform>%Ln beat can be missed, with %1 to spare</numerusform>
        <numerusform>%Ln beats can be missed, with %1 to spare</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln beat(s)</source>
      <translation>
        <numerusform>%Ln beat</numerusform>
        <numerusform>%Ln beats</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln beat(s) can be missed; the next one arrives exactly on the deadline</source>
      <translation>
        <numerusform>%Ln beat can be missed; the next one arrives exactly on the deadline</numerusform>
        <numerusform>%Ln beats can be missed; the next one arrives exactly on the deadline</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>All %Ln worker(s)</source>
      <translation>
        <numerusform>All %Ln worker</numerusform>
        <numerusform>All %Ln workers</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::FactsPanel</name>
    <message numerus="yes">
      <source>%Ln of these (has/have) not registered again yet</source>
      <translation>
        <numerusform>%Ln of these has not registered again yet</numerusform>
        <numerusform>%Ln of these have not registered again yet</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::FilterField</name>
    <message numerus="yes">
      <source>%Ln more term(s): %1</source>
      <translation>
        <numerusform>%Ln more term: %1</numerusform>
        <numerusform>%Ln more terms: %1</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::FleetEventRecorder</name>
    <message numerus="yes">
      <source>%Ln workers were late within %1: %2</source>
      <translation>
        <numerusform>%Ln workers were late within %1: %2</numerusform>
        <numerusform>%Ln workers were late within %1: %2</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::FleetLook</name>
    <message numerus="yes">
      <source>%Ln beat(s)</source>
      <translation>
        <numerusform>%Ln beat</numerusform>
        <numerusform>%Ln beats</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>· %Ln beat(s)</source>
      <translation>
        <numerusform>· %Ln beat</numerusform>
        <numerusform>· %Ln beats</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::FleetMap</name>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::FleetStrip</name>
    <message numerus="yes">
      <source>Of %Ln worker(s) the status is not known.</source>
      <translation>
        <numerusform>Of %Ln worker the status is not known.</numerusform>
        <numerusform>Of %Ln workers the status is not known.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln fleet(s) paused</source>
      <translation>
        <numerusform>%Ln fleet paused</numerusform>
        <numerusform>%Ln fleets paused</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>on %Ln worker(s)</source>
      <translation>
        <numerusform>on %Ln worker</numerusform>
        <numerusform>on %Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>not reported by %Ln worker(s)</source>
      <translation>
        <numerusform>not reported by %Ln worker</numerusform>
        <numerusform>not reported by %Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>unknown on %Ln worker(s)</source>
      <translation>
        <numerusform>unknown on %Ln worker</numerusform>
        <numerusform>unknown on %Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>active on %Ln worker(s)</source>
      <translation>
        <numerusform>active on %Ln worker</numerusform>
        <numerusform>active on %Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln actor(s)</source>
      <translation>
        <numerusform>%Ln actor</numerusform>
        <numerusform>%Ln actors</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::FleetTableModel</name>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln unknown</source>
      <translation>
        <numerusform>%Ln unknown</numerusform>
        <numerusform>%Ln unknown</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln gone</source>
      <translation>
        <numerusform>%Ln gone</numerusform>
        <numerusform>%Ln gone</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::FleetToolbar</name>
    <message numerus="yes">
      <source>Paused %1 · %Ln waiting</source>
      <translation>
        <numerusform>Paused %1 · %Ln waiting</numerusform>
        <numerusform>Paused %1 · %Ln waiting</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Paused since %1 · %Ln change(s) waiting</source>
      <translation>
        <numerusform>Paused since %1 · %Ln change waiting</numerusform>
        <numerusform>Paused since %1 · %Ln changes waiting</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Order held · %Ln row(s) would move</source>
      <translation>
        <numerusform>Order held · %Ln row would move</numerusform>
        <numerusform>Order held · %Ln rows would move</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::GoToDialog</name>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::GroupView</name>
    <message numerus="yes">
      <source>Cancel %Ln command(s)</source>
      <translation>
        <numerusform>Cancel %Ln command</numerusform>
        <numerusform>Cancel %Ln commands</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::HistoryDialog</name>
    <message numerus="yes">
      <source>%Ln beat(s), change(s) or event(s) of this run could not be recorded.</source>
      <translation>
        <numerusform>%Ln beat, change or event of this run could not be recorded.</numerusform>
        <numerusform>%Ln beats, changes or events of this run could not be recorded.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::HistoryWriter</name>
    <message numerus="yes">
      <source>%Ln parts of the history are damaged and cannot be read.</source>
      <translation>
        <numerusform>%Ln parts of the history are damaged and cannot be read.</numerusform>
        <numerusform>%Ln parts of the history are damaged and cannot be read.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::HubCallHandler</name>
    <message numerus="yes">
      <source>no more than %Ln character(s) (is/are) allowed</source>
      <translation>
        <numerusform>no more than %Ln character is allowed</numerusform>
        <numerusform>no more than %Ln characters are allowed</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>no more than %Ln topic(s) can be subscribed</source>
      <translation>
        <numerusform>no more than %Ln topic can be subscribed</numerusform>
        <numerusform>no more than %Ln topics can be subscribed</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::HubDiscover</name>
    <message numerus="yes">
      <source>first %Ln actor(s), there may be more</source>
      <translation>
        <numerusform>first %Ln actor, there may be more</numerusform>
        <numerusform>first %Ln actors, there may be more</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln actor(s)</source>
      <translation>
        <numerusform>%Ln actor</numerusform>
        <numerusform>%Ln actors</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln entr(y/ies) could not be read</source>
      <translation>
        <numerusform>%Ln entry could not be read</numerusform>
        <numerusform>%Ln entries could not be read</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::HubProbe</name>
    <message numerus="yes">
      <source>%Ln address(es) registered</source>
      <translation>
        <numerusform>%Ln address registered</numerusform>
        <numerusform>%Ln addresses registered</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::HubSource</name>
    <message numerus="yes">
      <source>The hub forgot everything (no message for 10 s): %Ln actor(s) (has/have) not registered again yet. (It is/They are) not gone.</source>
      <translation>
        <numerusform>The hub forgot everything (no message for 10 s): %Ln actor has not registered again yet. It is not gone.</numerusform>
        <numerusform>The hub forgot everything (no message for 10 s): %Ln actors have not registered again yet. They are not gone.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>The hub was restarted and has lost all registrations: %Ln actor(s) (has/have) not registered again yet. (It is/They are) not gone.</source>
      <translation>
        <numerusform>The hub was restarted and has lost all registrations: %Ln actor has not registered again yet. It is not gone.</numerusform>
        <numerusform>The hub was restarted and has lost all registrations: %Ln actors have not registered again yet. They are not gone.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>The state of its %Ln actor(s) is unknown until it is back.</source>
      <translation>
        <numerusform>The state of its %Ln actor is unknown until it is back.</numerusform>
        <numerusform>The state of its %Ln actors is unknown until it is back.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>only the first %Ln actor(s) (is/are) shown</source>
      <translation>
        <numerusform>only the first %Ln actor is shown</numerusform>
        <numerusform>only the first %Ln actors are shown</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>slowed down: the hub accepts ten messages a second and has refused %Ln</source>
      <translation>
        <numerusform>slowed down: the hub accepts ten messages a second and has refused %Ln</numerusform>
        <numerusform>slowed down: the hub accepts ten messages a second and has refused %Ln</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::HubStore</name>
    <message numerus="yes">
      <source>no more than %Ln topic(s) can be subscribed</source>
      <translation>
        <numerusform>no more than %Ln topic can be subscribed</numerusform>
        <numerusform>no more than %Ln topics can be subscribed</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::KeyWatch</name>
    <message numerus="yes">
      <source>There are more than %Ln worker(s): the rest is not shown.</source>
      <translation>
        <numerusform>There are more than %Ln worker: the rest is not shown.</numerusform>
        <numerusform>There are more than %Ln workers: the rest is not shown.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln key(s) (is/are) left out, because no worker has such a long name: %1.</source>
      <translation>
        <numerusform>%Ln key is left out, because no worker has such a long name: %1.</numerusform>
        <numerusform>%Ln keys are left out, because no worker has such a long name: %1.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::MessageForm</name>
    <message numerus="yes">
      <source>It goes to every actor: %Ln actor(s).</source>
      <translation>
        <numerusform>It goes to every actor: %Ln actor.</numerusform>
        <numerusform>It goes to every actor: %Ln actors.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>It goes to %Ln actor(s) that can %1.</source>
      <translation>
        <numerusform>It goes to %Ln actor that can %1.</numerusform>
        <numerusform>It goes to %Ln actors that can %1.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>&amp;Broadcast to %Ln actor(s)</source>
      <translation>
        <numerusform>&amp;Broadcast to %Ln actor</numerusform>
        <numerusform>&amp;Broadcast to %Ln actors</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::MessageHistory</name>
    <message numerus="yes">
      <source>%Ln message(s)</source>
      <translation>
        <numerusform>%Ln message</numerusform>
        <numerusform>%Ln messages</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln older message(s) dropped</source>
      <translation>
        <numerusform>%Ln older message dropped</numerusform>
        <numerusform>%Ln older messages dropped</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Only the beginning is shown; Copy takes all %Ln byte(s).</source>
      <translation>
        <numerusform>Only the beginning is shown; Copy takes all %Ln byte.</numerusform>
        <numerusform>Only the beginning is shown; Copy takes all %Ln bytes.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::ParameterPanel</name>
    <message numerus="yes">
      <source>%Ln worker(s) (differs/differ) from the configured values</source>
      <translation>
        <numerusform>%Ln worker differs from the configured values</numerusform>
        <numerusform>%Ln workers differ from the configured values</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln changed</source>
      <translation>
        <numerusform>%Ln changed</numerusform>
        <numerusform>%Ln changed</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln beat(s), %1, %2, logarithmic</source>
      <translation>
        <numerusform>%Ln beat, %1, %2, logarithmic</numerusform>
        <numerusform>%Ln beats, %1, %2, logarithmic</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::PausedRolls</name>
    <message numerus="yes">
      <source>The rolling shutdown on %1 is paused with %2 of %Ln worker(s) still queued; these are left as they are.</source>
      <translation>
        <numerusform>The rolling shutdown on %1 is paused with %2 of %Ln worker still queued; these are left as they are.</numerusform>
        <numerusform>The rolling shutdown on %1 is paused with %2 of %Ln workers still queued; these are left as they are.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln more (is/are) paused.</source>
      <translation>
        <numerusform>%Ln more is paused.</numerusform>
        <numerusform>%Ln more are paused.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::PresetButton</name>
    <message numerus="yes">
      <source>%Ln value(s)</source>
      <translation>
        <numerusform>%Ln value</numerusform>
        <numerusform>%Ln values</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::PresetList</name>
    <message numerus="yes">
      <source>+ %Ln own edit(s)</source>
      <translation>
        <numerusform>+ %Ln own edit</numerusform>
        <numerusform>+ %Ln own edits</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::QuestionFigures</name>
    <message numerus="yes">
      <source>on %Ln worker(s), for actors not known</source>
      <translation>
        <numerusform>on %Ln worker, for actors not known</numerusform>
        <numerusform>on %Ln workers, for actors not known</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>on these %Ln worker(s)</source>
      <translation>
        <numerusform>on these %Ln worker</numerusform>
        <numerusform>on these %Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>active session(s)</source>
      <translation>
        <numerusform>active session</numerusform>
        <numerusform>active sessions</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::QueueDock</name>
    <message numerus="yes">
      <source>one of %Ln selected</source>
      <translation>
        <numerusform>one of %Ln selected</numerusform>
        <numerusform>one of %Ln selected</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>and %Ln more</source>
      <translation>
        <numerusform>and %Ln more</numerusform>
        <numerusform>and %Ln more</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::QueueTable</name>
    <message numerus="yes">
      <source>%Ln queue(s)</source>
      <translation>
        <numerusform>%Ln queue</numerusform>
        <numerusform>%Ln queues</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::QueueTableModel</name>
    <message numerus="yes">
      <source>%1: %2 waiting, %3 at work, %Ln queue(s)</source>
      <translation>
        <numerusform>%1: %2 waiting, %3 at work, %Ln queue</numerusform>
        <numerusform>%1: %2 waiting, %3 at work, %Ln queues</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::QuitQuestion</name>
    <message numerus="yes">
      <source>The rolling shutdown on %1 pauses with %2 of %Ln worker(s) still queued; these are left as they are.</source>
      <translation>
        <numerusform>The rolling shutdown on %1 pauses with %2 of %Ln worker still queued; these are left as they are.</numerusform>
        <numerusform>The rolling shutdown on %1 pauses with %2 of %Ln workers still queued; these are left as they are.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln that (has/have) received the command (continues/continue).</source>
      <translation>
        <numerusform>%Ln that has received the command continues.</numerusform>
        <numerusform>%Ln that have received the command continue.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>The timing draft for %1 is lost: %Ln value(s) (was/were) edited and not applied.</source>
      <translation>
        <numerusform>The timing draft for %1 is lost: %Ln value was edited and not applied.</numerusform>
        <numerusform>The timing draft for %1 is lost: %Ln values were edited and not applied.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::RatioLadder</name>
    <message numerus="yes">
      <source>%Ln error(s)</source>
      <translation>
        <numerusform>%Ln error</numerusform>
        <numerusform>%Ln errors</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln warning(s)</source>
      <translation>
        <numerusform>%Ln warning</numerusform>
        <numerusform>%Ln warnings</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::RecordingBanner</name>
    <message numerus="yes">
      <source>%1 %Ln entr(y/ies) (is/are) missing.</source>
      <translation>
        <numerusform>%1 %Ln entry is missing.</numerusform>
        <numerusform>%1 %Ln entries are missing.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::RedisProbe</name>
    <message numerus="yes">
      <source>a cluster of %Ln master(s)</source>
      <translation>
        <numerusform>a cluster of %Ln master</numerusform>
        <numerusform>a cluster of %Ln masters</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker(s) registered</source>
      <translation>
        <numerusform>%Ln worker registered</numerusform>
        <numerusform>%Ln workers registered</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker(s) registered in the part that was looked at</source>
      <translation>
        <numerusform>%Ln worker registered in the part that was looked at</numerusform>
        <numerusform>%Ln workers registered in the part that was looked at</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::RedisSource</name>
    <message numerus="yes">
      <source>%1, a cluster of %Ln master(s)</source>
      <comment>Redis 7.0.15, a cluster of 3 masters</comment>
      <translation>
        <numerusform>%1, a cluster of %Ln master</numerusform>
        <numerusform>%1, a cluster of %Ln masters</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 with %Ln replica(s)</source>
      <comment>Redis 7.0.15 at host:6379 with 2 replicas</comment>
      <translation>
        <numerusform>%1 with %Ln replica</numerusform>
        <numerusform>%1 with %Ln replicas</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::ReportPanel</name>
    <message numerus="yes">
      <source>Reading the history: %1 of %Ln lane(s)</source>
      <translation>
        <numerusform>Reading the history: %1 of %Ln lane</numerusform>
        <numerusform>Reading the history: %1 of %Ln lanes</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::ReviewDialog</name>
    <message numerus="yes">
      <source>%1 of %Ln recorded worker(s) would have been declared dead though they came back; with today's values %2. With a key TTL of %3 none would have been.</source>
      <translation>
        <numerusform>%1 of %Ln recorded worker would have been declared dead though they came back; with today's values %2. With a key TTL of %3 none would have been.</numerusform>
        <numerusform>%1 of %Ln recorded workers would have been declared dead though they came back; with today's values %2. With a key TTL of %3 none would have been.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln rule(s) (holds/hold).</source>
      <translation>
        <numerusform>%Ln rule holds.</numerusform>
        <numerusform>%Ln rules hold.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln error(s) (blocks/block) Apply.</source>
      <translation>
        <numerusform>%Ln error blocks Apply.</numerusform>
        <numerusform>%Ln errors block Apply.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::RightsProbe</name>
    <message numerus="yes">
      <source>%1 (is/are) not permitted</source>
      <translation>
        <numerusform>%1 is not permitted</numerusform>
        <numerusform>%1 are not permitted</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::SavedViews</name>
    <message numerus="yes">
      <source>%1, %Ln worker(s)</source>
      <translation>
        <numerusform>%1, %Ln worker</numerusform>
        <numerusform>%1, %Ln workers</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::SourceListModel</name>
    <message numerus="yes">
      <source>%1 unknown, %Ln when the connection was lost</source>
      <comment>workers or actors</comment>
      <translation>
        <numerusform>%1 unknown, %Ln when the connection was lost</numerusform>
        <numerusform>%1 unknown, %Ln when the connection was lost</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln fleet(s) paused</source>
      <translation>
        <numerusform>%Ln fleet paused</numerusform>
        <numerusform>%Ln fleets paused</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::SourceProbe</name>
    <message numerus="yes">
      <source>%1, the host's name matches, certificate valid for %Ln day(s)</source>
      <translation>
        <numerusform>%1, the host's name matches, certificate valid for %Ln day</numerusform>
        <numerusform>%1, the host's name matches, certificate valid for %Ln days</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::StatusStrip</name>
    <message numerus="yes">
      <source>%1 · %Ln worker(s) &gt; 1 s, worst %2</source>
      <translation>
        <numerusform>%1 · %Ln worker &gt; 1 s, worst %2</numerusform>
        <numerusform>%1 · %Ln workers &gt; 1 s, worst %2</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln source(s)</source>
      <translation>
        <numerusform>%Ln source</numerusform>
        <numerusform>%Ln sources</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::StreamReader</name>
    <message numerus="yes">
      <source>The group %1 of %2 has %Ln consumer(s): more than are shown of one group. Most of them are likely to be names that are not used any more.</source>
      <translation>
        <numerusform>The group %1 of %2 has %Ln consumer: more than are shown of one group. Most of them are likely to be names that are not used any more.</numerusform>
        <numerusform>The group %1 of %2 has %Ln consumers: more than are shown of one group. Most of them are likely to be names that are not used any more.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 has %Ln group(s): more than are shown of one stream.</source>
      <translation>
        <numerusform>%1 has %Ln group: more than are shown of one stream.</numerusform>
        <numerusform>%1 has %Ln groups: more than are shown of one stream.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>There are more than %Ln stream(s): the rest is not read.</source>
      <translation>
        <numerusform>There are more than %Ln stream: the rest is not read.</numerusform>
        <numerusform>There are more than %Ln streams: the rest is not read.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>There are more than %Ln consumer(s): the rest is not shown.</source>
      <translation>
        <numerusform>There are more than %Ln consumer: the rest is not shown.</numerusform>
        <numerusform>There are more than %Ln consumers: the rest is not shown.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::SystemList</name>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln queue(s)</source>
      <translation>
        <numerusform>%Ln queue</numerusform>
        <numerusform>%Ln queues</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln prefix(es)</source>
      <translation>
        <numerusform>%Ln prefix</numerusform>
        <numerusform>%Ln prefixes</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>found with %Ln command(s) in %1, no KEYS</source>
      <translation>
        <numerusform>found with %Ln command in %1, no KEYS</numerusform>
        <numerusform>found with %Ln commands in %1, no KEYS</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Not found: %1 and %Ln more.</source>
      <translation>
        <numerusform>Not found: %1 and %Ln more.</numerusform>
        <numerusform>Not found: %1 and %Ln more.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>and %Ln more</source>
      <translation>
        <numerusform>and %Ln more</numerusform>
        <numerusform>and %Ln more</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::TestPanel</name>
    <message numerus="yes">
      <source>It can be connected, with %Ln limit(s)</source>
      <translation>
        <numerusform>It can be connected, with %Ln limit</numerusform>
        <numerusform>It can be connected, with %Ln limits</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::TimelineFlags</name>
    <message numerus="yes">
      <source>%Ln by %1</source>
      <comment>commands</comment>
      <translation>
        <numerusform>%Ln by %1</numerusform>
        <numerusform>%Ln by %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%1 on %Ln worker(s), by %2</source>
      <translation>
        <numerusform>%1 on %Ln worker, by %2</numerusform>
        <numerusform>%1 on %Ln workers, by %2</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker(s)</source>
      <translation>
        <numerusform>%Ln worker</numerusform>
        <numerusform>%Ln workers</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker(s) of %1 changed to version %2 from here on</source>
      <translation>
        <numerusform>%Ln worker of %1 changed to version %2 from here on</numerusform>
        <numerusform>%Ln workers of %1 changed to version %2 from here on</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::TimingFileSteps</name>
    <message numerus="yes">
      <source>%Ln value(s) (was/were) read from %1.</source>
      <translation>
        <numerusform>%Ln value was read from %1.</numerusform>
        <numerusform>%Ln values were read from %1.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::TimingReviewing</name>
    <message numerus="yes">
      <source>None of %Ln recorded worker(s) would have been declared dead; with today's values %1.</source>
      <translation>
        <numerusform>None of %Ln recorded worker would have been declared dead; with today's values %1.</numerusform>
        <numerusform>None of %Ln recorded workers would have been declared dead; with today's values %1.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>A worker may miss %Ln beat(s), with %1 to spare.</source>
      <translation>
        <numerusform>A worker may miss %Ln beat, with %1 to spare.</numerusform>
        <numerusform>A worker may miss %Ln beats, with %1 to spare.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::TimingTableModel</name>
    <message numerus="yes">
      <source>Measured %1 on %Ln sample(s)</source>
      <translation>
        <numerusform>Measured %1 on %Ln sample</numerusform>
        <numerusform>Measured %1 on %Ln samples</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::UnlockQuestion</name>
    <message numerus="yes">
      <source>&amp;Unlock %Ln source(s)</source>
      <translation>
        <numerusform>&amp;Unlock %Ln source</numerusform>
        <numerusform>&amp;Unlock %Ln sources</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::VersionModel</name>
    <message numerus="yes">
      <source>%Ln value(s) (differs/differ) from %1</source>
      <translation>
        <numerusform>%Ln value differs from %1</numerusform>
        <numerusform>%Ln values differ from %1</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::WhatIfPanel</name>
    <message numerus="yes">
      <source>%Ln worker(s) over %1</source>
      <translation>
        <numerusform>%Ln worker over %1</numerusform>
        <numerusform>%Ln workers over %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln second(s)</source>
      <translation>
        <numerusform>%Ln second</numerusform>
        <numerusform>%Ln seconds</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln minute(s)</source>
      <translation>
        <numerusform>%Ln minute</numerusform>
        <numerusform>%Ln minutes</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln value(s) cannot be read: the last readable (one is/ones are) used here.</source>
      <translation>
        <numerusform>%Ln value cannot be read: the last readable one is used here.</numerusform>
        <numerusform>%Ln values cannot be read: the last readable ones are used here.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>of %Ln worker(s) would have been called late</source>
      <translation>
        <numerusform>of %Ln worker would have been called late</numerusform>
        <numerusform>of %Ln workers would have been called late</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>of %Ln worker(s) would have been declared dead</source>
      <translation>
        <numerusform>of %Ln worker would have been declared dead</numerusform>
        <numerusform>of %Ln workers would have been declared dead</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Based on %1; %Ln interval(s).</source>
      <translation>
        <numerusform>Based on %1; %Ln interval.</numerusform>
        <numerusform>Based on %1; %Ln intervals.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln (is/are) left out: the console was not connected for %1.</source>
      <translation>
        <numerusform>%Ln is left out: the console was not connected for %1.</numerusform>
        <numerusform>%Ln are left out: the console was not connected for %1.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Count %Ln source pause(s), the last at %1</source>
      <translation>
        <numerusform>Count %Ln source pause, the last at %1</numerusform>
        <numerusform>Count %Ln source pauses, the last at %1</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Recording of %1, %2, %Ln worker(s)</source>
      <translation>
        <numerusform>Recording of %1, %2, %Ln worker</numerusform>
        <numerusform>Recording of %1, %2, %Ln workers</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::WindowViews</name>
    <message numerus="yes">
      <source>There are already %Ln saved view(s): remove one first.</source>
      <translation>
        <numerusform>There are already %Ln saved view: remove one first.</numerusform>
        <numerusform>There are already %Ln saved views: remove one first.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::WorkerCommands</name>
    <message numerus="yes">
      <source>and %Ln line(s) more</source>
      <translation>
        <numerusform>and %Ln line more</numerusform>
        <numerusform>and %Ln lines more</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::WorkerDock</name>
    <message numerus="yes">
      <source>%Ln active session(s)</source>
      <translation>
        <numerusform>%Ln active session</numerusform>
        <numerusform>%Ln active sessions</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln worker(s) selected</source>
      <translation>
        <numerusform>%Ln worker selected</numerusform>
        <numerusform>%Ln workers selected</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln actor(s) selected</source>
      <translation>
        <numerusform>%Ln actor selected</numerusform>
        <numerusform>%Ln actors selected</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>pulsedeck::WorkerEventModel</name>
    <message numerus="yes">
      <source>%1, %Ln changes</source>
      <translation>
        <numerusform>%1, %Ln changes</numerusform>
        <numerusform>%1, %Ln changes</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>timing</name>
    <message numerus="yes">
      <source>Set %Ln value(s)</source>
      <translation>
        <numerusform>Set %Ln value</numerusform>
        <numerusform>Set %Ln values</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%Ln value(s) (differs/differ)</source>
      <translation>
        <numerusform>%Ln value differs</numerusform>
        <numerusform>%Ln values differ</numerusform>
      </translation>
    </message>
  </context>
</TS>
