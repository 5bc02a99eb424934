// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/connectiontest.h"

#include <QWidget>

class QPushButton;

namespace pulsedeck {

class GlyphMark;
class TestStepsModel;
class RowTable;
class ToneLabel;

/// Tests a source and shows each step as it goes: its state, what was found and how long it took; below, what to do about the
/// first one that failed or works in part. The steps and what is below them can be put away: its first line says how the test
/// went. Deleting it stops the test. GUI thread.
class TestPanel : public QWidget
{
    Q_OBJECT

public:
    /// \a tester outlives it.
    explicit TestPanel(ConnectionTester &tester, QWidget *parent = nullptr);
    ~TestPanel() override;

    /// Starts a test; one that is running is stopped.
    void begin(const SourceSettings &settings);
    void stop();
    bool isRunning() const;
    /// Null before the first one.
    const ConnectionTest *test() const { return m_test; }
    /// The steps, and what to do; true at first.
    void setStepsShown(bool shown);
    bool areStepsShown() const { return m_stepsShown; }
    /// It is over, and there can be a connection.
    bool hasPassed() const;
    /// It failed because of the user, password or token.
    bool isLoginTrouble() const;
    /// All that is shown, as plain text.
    QString report() const;

signals:
    /// A step began or ended.
    void changed();
    /// Which systems live there, for these settings.
    void reported(const pulsedeck::DetectionReport &report);
    /// One that the server named was chosen, to be taken instead.
    void addressChosen(const QString &address);
    /// The certificate of the server was looked at, and is to be trusted by its fingerprint.
    void certificateTrusted(const QString &fingerprint);

private:
    void build();
    void review();
    void reviewHeadline();
    void reviewAdvice();
    void offer(const QStringList &addresses);
    void askTrust();

    SourceSettings m_settings;
    ConnectionTester &m_tester;
    ConnectionTest *m_test = nullptr;
    TestStepsModel *m_model;
    GlyphMark *m_mark;
    ToneLabel *m_headline;
    ToneLabel *m_progress;
    QPushButton *m_copy;
    QPushButton *m_showSteps;
    RowTable *m_table; ///< Made after these, which come before it for Tab.
    QWidget *m_advice = nullptr;
    ToneLabel *m_problem;
    ToneLabel *m_hint;
    QPushButton *m_trust = nullptr; ///< Shown where a certificate was refused that may be trusted.
    QWidget *m_offers = nullptr; ///< A button for each address that may be taken instead.
    bool m_stepsShown = true;
};

} // namespace pulsedeck
