// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/foundsystem.h"
#include "models/sources/sourcesettings.h"
#include "ui/common/band.h"

#include <QHash>

class QPushButton;
class QVBoxLayout;

namespace pulsedeck {

class ConnectionTester;
class SecretStore;
class SourceForm;
class TestPanel;
class ToneLabel;

/// The settings of one source, edited and tested where it is shown. Nothing is kept before Save; what was typed for one source is
/// still there after another one was shown. GUI thread.
class SourceEditor : public Band
{
    Q_OBJECT

public:
    /// Both outlive it, and may be null: then no token is kept in a keychain, and nothing can be tested.
    SourceEditor(SecretStore *secrets, ConnectionTester *tester, QWidget *parent = nullptr);

    /// Shows this source's settings; what is typed and not saved stays.
    void setSource(const SourceSettings &settings);
    /// Forgets what was typed for all others, which were removed.
    void forgetAllBut(const QList<SourceId> &sources);
    /// Puts the keyboard into the first field.
    void focusForm();
    /// Puts the keyboard into the field for the password or the token.
    void focusLogin();
    /// Which systems live in the source on show, as its connection found.
    void showFound(const DetectionReport &report);
    void setCanMakeLayout(bool can);

signals:
    /// Look again which systems live there.
    void lookAgainRequested(pulsedeck::SourceId source);
    void layoutRequested(const pulsedeck::UnknownBeats &keys);
    /// Keep them, and connect again.
    void saved(const pulsedeck::SourceSettings &settings);

private:
    struct Entry
    {
        SourceForm *form = nullptr;
        SourceSettings given; ///< As they were when the form was made.
        SourceSettings baseline; ///< The form's own words for them.
        DetectionReport seen; ///< The last one of the connection that the form shows.
    };

    void forget(SourceId source);
    void makeForm(const SourceSettings &settings);
    void save();
    void revert();
    void test();
    void review();
    Entry *current();
    const Entry *current() const;
    static bool differs(const Entry &entry);

    SecretStore *m_secrets;
    ConnectionTester *m_tester;
    SourceId m_source = 0;
    QHash<SourceId, Entry> m_entries;
    QVBoxLayout *m_formRoom = nullptr;
    TestPanel *m_tests = nullptr; ///< Null: nothing can be tested.
    ToneLabel *m_state = nullptr;
    QPushButton *m_test = nullptr;
    QPushButton *m_revert = nullptr;
    QPushButton *m_save = nullptr;
    SourceId m_tested = 0;
    bool m_canMakeLayout = false;
    bool m_busy = false; ///< The keychain has been asked and has not answered.
};

} // namespace pulsedeck
