<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en_US">
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
