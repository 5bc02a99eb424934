// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/quitcheck.h"

#include "models/fleet/sourcelistmodel.h"
#include "models/journal/journal.h"
#include "ui/common/selfdeleting.h"
#include "ui/timing/timingpage.h"
#include "ui/window/quitquestion.h"

namespace pulsedeck {

QuitCheck::QuitCheck(const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
{ }

QuitFacts QuitCheck::facts() const
{
    QuitFacts facts;
    facts.rolls = m_parts.rolling.unfinished();
    // A roll without queued workers needs this window no more.
    std::erase_if(facts.rolls,
                  [](const auto &one) { return one.state != RollingRunner::Unfinished::State::Running || one.queued == 0; });
    for (const auto &[source, changed] : m_parts.timing.openDrafts())
        facts.drafts.push_back({m_parts.sources.settings(source).name, changed});
    facts.resumable = m_parts.journal && m_parts.journal->state().recording && m_parts.sources.isRemembered();
    return facts;
}

bool QuitCheck::mayClose()
{
    if (m_leaving)
        return true;
    if (auto *open = m_parts.window.findChild<QuitQuestion *>(); open && open->isVisible()) {
        open->raise();
        open->activateWindow();
        return false;
    }
    const QuitFacts unfinished = facts();
    if (unfinished.isNothing())
        return true;
    auto *question = selfDeleting(new QuitQuestion(unfinished, &m_parts.window));
    connect(question, &QDialog::accepted, this, [this] {
        m_leaving = true;
        m_parts.window.close();
    });
    question->open();
    return false;
}

} // namespace pulsedeck
