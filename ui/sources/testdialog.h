// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/connectiontest.h"

#include <QDialog>

class QPushButton;

namespace pulsedeck {

class TestPanel;

/// Tests a source, see TestPanel. Starts at once; closing it stops the test. GUI thread.
class TestDialog : public QDialog
{
    Q_OBJECT

public:
    /// \a tester outlives the dialog.
    TestDialog(const SourceSettings &settings, ConnectionTester &tester, QWidget *parent = nullptr);

    const TestPanel &panel() const { return *m_panel; }

private:
    void review();

    TestPanel *m_panel;
    QPushButton *m_copy;
    QPushButton *m_again; ///< Or stops it while it runs.
    QPushButton *m_close;
};

} // namespace pulsedeck
