// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/gotodialog.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

GoToDialog::GoToDialog(const FleetStore &store, QWidget *parent)
    : QDialog(parent)
    , m_store(store)
    , m_line(new QLineEdit(this))
    , m_list(new QListWidget(this))
    , m_note(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
{
    setWindowTitle(tr("Go to Id"));
    setAttribute(Qt::WA_DeleteOnClose);
    const Theme &measures = Theme::instance();
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(px(8));
    m_line->setPlaceholderText(tr("Part of an id or host, or a pid"));
    m_line->setAccessibleName(m_line->placeholderText());
    m_line->installEventFilter(this);
    layout->addWidget(m_line);
    m_list->setFont(measures.idFont());
    m_list->setAccessibleName(tr("Matching workers"));
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // It would lie over the last id.
    m_list->setTextElideMode(Qt::ElideRight); // The id stands first; the tool tip has all of it.
    addWidgets(layout, {m_list, m_note});
    resize(px(560), px(330));
    connect(m_line, &QLineEdit::textChanged, this, &GoToDialog::search);
    connect(m_line, &QLineEdit::returnPressed, this, &GoToDialog::choose);
    connect(m_list, &QListWidget::itemActivated, this, &GoToDialog::choose);
    search();
}

void GoToDialog::search()
{
    m_list->clear();
    const QByteArray needle = m_line->text().trimmed().toUtf8().toLower();
    if (needle.isEmpty()) {
        m_note->setText(tr("Type a few characters"));
        return;
    }
    int found = 0;
    for (int i = 0; i < m_store.capacity(); ++i) {
        const WorkerHandle handle = WorkerHandle(i);
        const Worker &worker = m_store.worker(handle);
        if (!worker.used)
            continue;
        const ActorFacts *facts = m_store.actor(handle);
        const bool named = facts && facts->displayName.contains(m_line->text().trimmed(), Qt::CaseInsensitive);
        const LayoutFacts *more = m_store.facts(handle);
        const bool labelled = more && more->label.contains(m_line->text().trimmed(), Qt::CaseInsensitive);
        const bool isPid = worker.pid != unknownValue && QByteArray::number(worker.pid) == needle;
        if (!named && !labelled && !isPid && !worker.id.toLower().contains(needle) && !worker.host.toLower().contains(needle))
            continue;
        if (++found > maxHits)
            continue; // Only counted.
        auto *item = new QListWidgetItem(
            glyphIcon(glyphOf(worker)),
            visibleLine(QString::fromUtf8(worker.id) + u"  "_s + (facts ? facts->displayName : QString::fromUtf8(worker.host))));
        item->setData(Qt::UserRole, worker.serial);
        item->setToolTip(toolTipText(item->text()));
        m_list->addItem(item);
    }
    m_list->setCurrentRow(0);
    m_note->setText(found == 0        ? tr("No worker has this in its id, name or host")
                    : found > maxHits ? tr("The first %1 of %2").arg(maxHits).arg(groupedNumber(found))
                                      : tr("%Ln worker(s)", nullptr, found));
}

void GoToDialog::choose()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    const WorkerHandle handle = m_store.findSerial(item->data(Qt::UserRole).toUInt());
    if (handle != noWorker)
        emit workerChosen(handle);
    accept();
}

bool GoToDialog::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_line && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int step = key == Qt::Key_Down ? 1 : -1;
            m_list->setCurrentRow(qBound(0, m_list->currentRow() + step, qMax(0, m_list->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

} // namespace pulsedeck
