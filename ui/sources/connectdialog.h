// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QDialog>

class QPushButton;

namespace pulsedeck {

class ConnectionTester;
class SecretStore;
class SourceForm;
class ToneLabel;

/// Asks where a Redis or a Signal Hub is and how to log in. Modal only while it asks: connecting happens in the window,
/// where what went wrong is said at the source.
class ConnectDialog : public QDialog
{
    Q_OBJECT

public:
    /// An id of 0 in \a settings is a new source; its kind is what is chosen at first. \a secrets is the system's
    /// keychain for tokens, which outlives the dialog, or null.
    /// \a tester tries out what is filled in, and outlives the dialog too; null: nothing can be tried out.
    explicit ConnectDialog(const SourceSettings &settings, QWidget *parent = nullptr, SecretStore *secrets = nullptr,
                           ConnectionTester *tester = nullptr);

    SourceSettings settings() const;
    /// Whether it says that what is filled in is remembered; it does at first.
    void setRemembered(bool remembered);
    /// Puts the keyboard into the field for the password or the token.
    void focusLogin();

signals:
    void submitted(const pulsedeck::SourceSettings &settings);

private:
    void submit();
    void test();
    void adoptKind(SourceKind kind);
    void setBusy(bool busy);

    const bool m_isNew;
    SourceForm *m_form;
    ConnectionTester *m_tester;
    QPushButton *m_test;
    QPushButton *m_connect;
    ToneLabel *m_title;
    ToneLabel *m_remembered;
    bool m_isRemembered = true;
    bool m_busy = false; ///< The keychain has been asked and has not answered.
};

} // namespace pulsedeck
