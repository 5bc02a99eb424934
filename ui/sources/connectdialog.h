// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/foundsystem.h"
#include "models/sources/sourcesettings.h"

#include <QDialog>

#include <optional>

class QPushButton;
class QScrollArea;

namespace pulsedeck {

class ConnectionTest;
class ConnectionTester;
class SecretStore;
class SourceForm;
class SystemList;
class TestPanel;
class ToneLabel;

/// Asks where a source is, a Redis, a Signal Hub or what else is registered, and how to log in; next to it, once it was tested,
/// how the test went and which systems live there. Modal only while it asks: connecting happens in the window, where what went
/// wrong is shown at the source.
class ConnectDialog : public QDialog
{
    Q_OBJECT

public:
    /// An id of 0 in \a settings is a new source; its kind is chosen at first. \a secrets is the system's keychain for tokens,
    /// and \a tester tests what is filled in: both outlive the dialog, and without them (null) there is no such choice.
    explicit ConnectDialog(const SourceSettings &settings, QWidget *parent = nullptr, SecretStore *secrets = nullptr,
                           ConnectionTester *tester = nullptr);

    SourceSettings settings() const;
    /// Whether what is filled in will be remembered, which the dialog shows; true at first.
    void setRemembered(bool remembered);
    /// Puts the keyboard into the field for the password or the token.
    void focusLogin();
    /// Where layouts are kept that are made here; without it none can be made.
    void setLayoutFolder(const QString &folder);

    /// The test next to the form, hidden before the first one; null without a tester.
    const TestPanel *tests() const { return m_tests; }

public slots:
    /// Tests what is filled in, step by step; stops a test that runs.
    void test();

signals:
    /// A layout was written into the folder, and is right.
    void layoutMade();
    void submitted(const pulsedeck::SourceSettings &settings);

private:
    void submit();
    void showFound(const DetectionReport &report);
    /// Looks again without the steps, and listens meanwhile.
    void listen();
    void fit();
    void growTo(const QSize &wanted);
    void reviewTest();
    /// A test says nothing of another address.
    void forgetOldTest();
    void adoptKind(SourceKind kind);
    void setBusy(bool busy);

    const bool m_isNew;
    SourceForm *m_form;
    QScrollArea *m_scroll = nullptr;
    SystemList *m_systems; ///< At the right of the form, so that the address stays in sight.
    QWidget *m_side = nullptr;
    ConnectionTest *m_listening = nullptr;
    QWidget *m_footer = nullptr;
    QString m_layoutFolder;
    ConnectionTester *m_tester;
    TestPanel *m_tests = nullptr;
    std::optional<SourceSettings> m_tested; ///< What the test on show is of.
    bool m_settled = true; ///< The end of the test was taken note of.
    QPushButton *m_test;
    QPushButton *m_connect;
    ToneLabel *m_title;
    ToneLabel *m_remembered;
    bool m_isRemembered = true;
    bool m_busy = false; ///< The keychain has been asked and has not answered.
};

} // namespace pulsedeck
