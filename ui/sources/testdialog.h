// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/connectiontest.h"

#include <QDialog>

class QPushButton;
class QTableView;

namespace pulsedeck {

class GlyphMark;
class TestStepsModel;
class ToneLabel;

/// Tries out a source and shows each step as it goes: its state, what was found and how long it took; below, what is to
/// be done about the first one that failed or works in part. Starts at once; closing it stops the test. GUI thread.
class TestDialog : public QDialog
{
    Q_OBJECT

public:
    /// \a tester outlives the dialog.
    TestDialog(const SourceSettings &settings, ConnectionTester &tester, QWidget *parent = nullptr);
    ~TestDialog() override;

    const ConnectionTest *test() const { return m_test; }
    /// It failed because of the user, password or token.
    bool isLoginTrouble() const;
    /// All that is shown, as plain text for a message to somebody.
    QString report() const;

private:
    void build();
    void start();
    void review();
    void reviewHeadline();
    void reviewAdvice();

    const SourceSettings m_settings;
    ConnectionTester &m_tester;
    ConnectionTest *m_test = nullptr;
    TestStepsModel *m_model;
    QTableView *m_table;
    GlyphMark *m_mark;
    ToneLabel *m_headline;
    ToneLabel *m_progress;
    ToneLabel *m_problem;
    ToneLabel *m_hint;
    QPushButton *m_copy;
    QPushButton *m_again; ///< Or stops it while it runs.
    QPushButton *m_close;
};

} // namespace pulsedeck
