// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/sourcequestions.h"

#include "ui/common/questiondialog.h"
#include "ui/common/selfdeleting.h"
#include "ui/sources/connectdialog.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

SourceQuestions::SourceQuestions(SourceListModel &sources, SecretStore *secrets, ConnectionTester *tester, QWidget &window)
    : QObject(&window)
    , m_sources(sources)
    , m_secrets(secrets)
    , m_tester(tester)
    , m_window(window)
{
    connect(&sources, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int, int last) {
        if (m_announces)
            emit added(m_sources.idAt(last));
    });
}

void SourceQuestions::connectTo(const SourceSettings &settings, bool announce)
{
    if (auto *open = m_window.findChild<ConnectDialog *>()) {
        open->raise();
        open->activateWindow();
        return;
    }
    auto *dialog = selfDeleting(new ConnectDialog(settings, &m_window, m_secrets, m_tester));
    dialog->setRemembered(m_sources.isRemembered());
    dialog->setLayoutFolder(m_layoutFolder);
    connect(dialog, &ConnectDialog::layoutMade, this, &SourceQuestions::layoutMade);
    connect(dialog, &ConnectDialog::submitted, this, [this, announce](const SourceSettings &wanted) {
        m_announces = announce;
        emit connectRequested(wanted);
        m_announces = false;
    });
    dialog->open();
}

void SourceQuestions::edit(SourceId source, bool login)
{
    if (m_sources.rowOf(source) < 0)
        return;
    connectTo(m_sources.settings(source), false);
    if (auto *dialog = m_window.findChild<ConnectDialog *>(); dialog && login)
        dialog->focusLogin();
}

void SourceQuestions::remove(SourceId source)
{
    const SourceSettings settings = m_sources.settings(source);
    if (settings.demo) {
        emit demoStopRequested();
        return;
    }
    auto *question = new QuestionDialog(tr("Remove a Source"), tr("Remove %1?").arg(settings.name),
                                        tr("Pulsedeck disconnects and removes it with its recorded beats. %1", "what stays there")
                                            .arg(settings.kind->removedText()),
                                        tr("&Remove"), ButtonRole::Danger, &m_window);
    question->setObjectName(u"removeQuestion"_s);
    connect(question, &QDialog::accepted, this, [this, source] { emit removeRequested(source); });
    question->open();
}

} // namespace pulsedeck
