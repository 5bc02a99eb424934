// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commanddialog.h"

#include "ui/commands/commandprogresspage.h"
#include "ui/commands/commandquestion.h"
#include "ui/common/boxes.h"
#include "ui/common/commandtexts.h"
#include "ui/common/unlockquestion.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QPushButton>
#include <QScreen>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

CommandDialog::CommandDialog(CommandActions &actions, Act act, const std::vector<WorkerHandle> &workers, const QString &reason,
                             QWidget *parent)
    : QDialog(parent)
    , m_actions(actions)
    , m_pages(new QStackedWidget(this))
    , m_question(new CommandQuestion(actions.context(), act, workers, reason, this))
    , m_progress(new CommandProgressPage(actions, this))
{
    setObjectName(u"commandDialog"_s);
    const FleetStore &store = actions.context().store;
    const auto actors = std::count_if(workers.begin(), workers.end(), [&store](WorkerHandle handle) {
        return store.worker(handle).used && store.worker(handle).traits->registers();
    });
    if (const SourceTraits *own = actions.ownSystem(workers))
        setWindowTitle(tr("%1 · %2", "an act, and on whom").arg(own->actLabel(act), own->counted(qint64(workers.size()))));
    else
        setWindowTitle(actWindowTitle(act, qint64(workers.size()), qint64(actors)));
    m_pages->addWidget(m_question);
    m_pages->addWidget(m_progress);
    auto *whole = vbox(this);
    whole->addWidget(m_pages);

    connect(m_question, &CommandQuestion::submitted, this, &CommandDialog::run);
    connect(m_question, &CommandQuestion::cancelled, this, &QDialog::reject);
    connect(m_question, &CommandQuestion::formChanged, this, &CommandDialog::fit);
    connect(m_question, &CommandQuestion::unlockRequested, this, [this] {
        const CommandContext &context = m_actions.context();
        UnlockQuestion::ask(context.access, context.sources, context.store, this);
    });
    connect(m_progress, &CommandProgressPage::closeRequested, this, &QDialog::accept);
    connect(m_progress, &CommandProgressPage::groupRequested, this, [this](const QUuid &group) {
        emit groupRequested(group);
        accept();
    });
    fit();
    m_question->focusFirst();
}

bool CommandDialog::isAsking() const
{
    return m_pages->currentWidget() == m_question;
}

void CommandDialog::fit()
{
    // What was just shown or hidden tells the layouts above by an event; they have to know before they are asked.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
    QSize size = m_pages->currentWidget()->sizeHint();
    const QWidget *ground = parentWidget() ? parentWidget()->window() : nullptr;
    if (ground)
        size = size.boundedTo(ground->size() - QSize(px(40), px(40)));
    else if (screen())
        size = size.boundedTo(screen()->availableSize());
    resize(size);
}

void CommandDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    fit(); // Only now all of it has its fonts.
    if (isAsking())
        m_question->focusFirst();
}

void CommandDialog::run()
{
    const CommandContext &context = m_actions.context();
    const CommandRequest request = m_question->request();
    const bool small = m_question->isSmall();
    const CommandPreview &preview = m_question->draft().preview();
    context.access.touch(preview.sources);
    const auto count = qint64(request.workers.size());
    const QString during = actRunning(preview, count);
    const QString through =
        preview.ownSystem() ? during
                            : actButtonText(request.act == Act::ShutdownNow ? Act::Shutdown : request.act, count, preview.actors);
    QUuid group;
    if (const auto rolling = m_question->rolling())
        group = context.rolling.begin(request.workers, *rolling, request.reason);
    else
        group = context.ledger.issue(request);
    emit issued(group);
    if (small) {
        // One worker: its row and its dock tell the rest.
        accept();
        return;
    }
    setWindowTitle(during);
    connect(m_progress, &CommandProgressPage::runningChanged, this,
            [this, during, through](bool running) { setWindowTitle(running ? during : through); });
    m_progress->setGroup(group);
    m_pages->setCurrentWidget(m_progress);
    // From here on the window below can be used; a window's modality changes only while it is hidden.
    hide();
    setWindowModality(Qt::NonModal);
    setModal(false);
    fit();
    QDialog::show();
    m_progress->setFocus(Qt::OtherFocusReason);
}

void CommandDialog::keyPressEvent(QKeyEvent *event)
{
    // Enter presses the button that has the keyboard and no other one: what changes the fleet is never pressed from a field.
    // There it moves to the button that acts, once nothing is missing. A key held down is one press.
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        event->accept();
        if (event->isAutoRepeat())
            return;
        if (auto *button = qobject_cast<QPushButton *>(focusWidget()); button && button->isEnabled())
            button->click();
        else if (isAsking())
            m_question->goOn();
        return;
    }
    QDialog::keyPressEvent(event);
}

} // namespace pulsedeck
