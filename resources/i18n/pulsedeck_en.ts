<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
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
    <name>pulsedeck::TimingTableModel</name>
    <message numerus="yes">
      <source>Measured %1 on %Ln sample(s)</source>
      <translation>
        <numerusform>Measured %1 on %Ln sample</numerusform>
        <numerusform>Measured %1 on %Ln samples</numerusform>
      </translation>
    </message>
  </context>
</TS>
