// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/queuerow.h"

#include "models/commands/commandledger.h"
#include "ui/commands/commanddraft.h"
#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"

#include <QLineEdit>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QueueRow::QueueRow(QWidget *parent)
    : QWidget(parent)
    , m_names(new QLineEdit(this))
{
    auto *row = hbox(this, 12, {0, 6, 0, 0});
    auto *title = new ToneLabel(tr("Queues"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this);
    m_names->setObjectName(u"queues"_s);
    m_names->setMaxLength(longestText);
    m_names->setPlaceholderText(tr("To serve again, with commas between: what it served is not known here"));
    m_names->setAccessibleName(tr("Queues to serve again, with commas between them"));
    title->setBuddy(m_names);
    setFocusProxy(m_names);
    row->addWidget(title);
    row->addWidget(m_names, 1);
    connect(m_names, &QLineEdit::textChanged, this, &QueueRow::changed);
    hide();
}

void QueueRow::showDraft(const CommandContext &context, const CommandDraft &draft)
{
    const std::vector<WorkerHandle> &acting = draft.preview().acting;
    m_asks = draft.act() == Act::Resume && std::any_of(acting.begin(), acting.end(), [&](WorkerHandle handle) {
                 const LayoutFacts *facts = context.store.facts(handle);
                 return context.store.worker(handle).traits->of(Act::Resume).asks && (!facts || facts->queues.isEmpty())
                        && context.ledger.drainedQueues(handle).isEmpty();
             });
    setVisible(m_asks);
}

QStringList QueueRow::queues() const
{
    QStringList names;
    if (!m_asks)
        return names;
    const QStringList parts = m_names->text().split(u',');
    for (const QString &part : parts) {
        if (const QString name = part.trimmed(); !name.isEmpty() && !names.contains(name))
            names.append(name);
    }
    return names;
}

} // namespace pulsedeck
