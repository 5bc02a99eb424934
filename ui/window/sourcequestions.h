// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/sourcelistmodel.h"

#include <QObject>

class QWidget;

namespace pulsedeck {

class ConnectionTester;
class SecretStore;

/// The dialogs that add, change and remove a source. They only ask; the signals request what was confirmed. GUI thread.
class SourceQuestions : public QObject
{
    Q_OBJECT

public:
    /// \a secrets and \a tester may be null. All of it outlives this.
    SourceQuestions(SourceListModel &sources, SecretStore *secrets, ConnectionTester *tester, QWidget &window);

    /// Opens the connect dialog with \a settings (an id of 0 is a new source), or raises the one that is open. \a announce:
    /// added() follows when the source is there.
    void connectTo(const SourceSettings &settings, bool announce);
    /// The same for a source of the list; \a login: with the focus on its user and password.
    void edit(SourceId source, bool login);
    void remove(SourceId source);
    /// Where layouts are kept that are made here; without it none can be made.
    void setLayoutFolder(const QString &folder) { m_layoutFolder = folder; }

signals:
    /// A layout was written into the folder, and is right.
    void layoutMade();
    /// Add the source, or change the one with its id, and connect it.
    void connectRequested(const pulsedeck::SourceSettings &settings);
    void removeRequested(pulsedeck::SourceId source);
    void demoStopRequested();
    void added(pulsedeck::SourceId source);

private:
    SourceListModel &m_sources;
    SecretStore *m_secrets;
    ConnectionTester *m_tester;
    QWidget &m_window;
    QString m_layoutFolder;
    bool m_announces = false; ///< A source that is to be announced is being added.
};

} // namespace pulsedeck
