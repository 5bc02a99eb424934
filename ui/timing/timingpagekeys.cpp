// SPDX-License-Identifier: GPL-3.0-or-later
// The Timing page by keyboard: its keys, the order in which Tab goes through it, and its entries in the window's menu.
#include "ui/timing/timingpageprivate.h"

#include <QAbstractSpinBox>
#include <QKeySequence>
#include <QMenu>
#include <QScrollArea>
#include <QShortcut>

using namespace Qt::StringLiterals;

namespace pulsedeck {

void TimingPage::Private::undo()
{
    if (m_draft)
        m_draft->undoStack().undo();
}

void TimingPage::Private::redo()
{
    if (m_draft)
        m_draft->undoStack().redo();
}

void TimingPage::Private::makeKeys()
{
    const auto key = [this](const QKeySequence &keys, void (Private::*then)()) {
        auto *shortcut = new QShortcut(keys, &q);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, then);
    };
    key(QKeySequence::Undo, &Private::undo);
    for (const QKeySequence &keys : QKeySequence::keyBindings(QKeySequence::Redo))
        key(keys, &Private::redo);
    if (!QKeySequence::keyBindings(QKeySequence::Redo).contains(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)))
        key(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), &Private::redo);
}

void TimingPage::Private::orderTabs()
{
    // As one reads: the fields, the ladder with its rows before its foot, the history, the what-if, what is done with it all.
    // Rows and fields come and go, and what is made last would otherwise be last.
    const QList<QWidget *> sections{q.findChild<QWidget *>(u"timingSource"_s),
                                    q.findChild<QWidget *>(u"onlyChanged"_s),
                                    m_parameters,
                                    m_ladder->findChild<QScrollArea *>(),
                                    m_ladder,
                                    m_history,
                                    q.findChild<QWidget *>(u"whatIfWindow"_s),
                                    q.findChild<QWidget *>(u"recordingMenu"_s),
                                    m_whatIf,
                                    m_actions};
    QList<QWidget *> order;
    const auto take = [&order](QWidget *widget) {
        const bool inner = qobject_cast<QAbstractSpinBox *>(widget->parentWidget()) != nullptr;
        if (!inner && (widget->focusPolicy() & Qt::TabFocus) && !widget->focusProxy() && !order.contains(widget))
            order.append(widget);
    };
    for (QWidget *section : sections) {
        if (!section)
            continue;
        take(section);
        for (QWidget *widget : section->findChildren<QWidget *>())
            take(widget);
    }
    for (qsizetype i = 1; i < order.size(); ++i)
        QWidget::setTabOrder(order[i - 1], order[i]);
}

void TimingPage::Private::fillMenu(QMenu &menu)
{
    const auto add = [this, &menu](const QString &text, bool enabled, auto then, const QString &keys = {}) {
        // The keys are the page's own: here they are only told.
        QAction *action = menu.addAction(keys.isEmpty() ? text : QString(text + u'\t' + keys));
        action->setEnabled(enabled);
        connect(action, &QAction::triggered, this, then);
    };
    const QUndoStack *stack = m_draft ? &m_draft->undoStack() : nullptr;
    const auto named = [](const QString &word, const QString &what) {
        return what.isEmpty() ? word : QString(word + u' ' + what);
    };
    add(named(tr("&Undo"), stack ? stack->undoText() : QString()), stack && stack->canUndo(), &Private::undo,
        QKeySequence(QKeySequence::Undo).toString(QKeySequence::NativeText));
    add(named(tr("&Redo"), stack ? stack->redoText() : QString()), stack && stack->canRedo(), &Private::redo,
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z).toString(QKeySequence::NativeText));
    add(tr("Re&vert the Draft"), m_draft && !m_draft->isClean(), [this] { m_draft->revert(); });
    const std::vector<TimingChange> fixes = m_draft ? m_draft->fixAll() : std::vector<TimingChange>();
    add(tr("Fi&x All"), !fixes.empty(), [this, fixes] { m_draft->change(fixes, tr("Fix all")); });
    menu.addSeparator();
    add(tr("Review &Changes…"), m_draft && !m_draft->isClean(), &Private::review);
    menu.addSeparator();
    if (m_files) {
        add(tr("Read Values from a &File…"), m_draft, &Private::readFrom);
        for (const auto &[text, kind] : {std::pair{tr("Write to a &Worker's .env…"), u"worker.env"_s},
                                         {tr("Write to a &Proxy's .env…"), u"proxy.env"_s},
                                         {tr("Write to a wrangler.&toml…"), u"wrangler.toml"_s}})
            add(text, m_draft, [this, kind = kind] { exportTo(kind); });
    }
    add(tr("Constants in C&ode…"), m_draft, &Private::showConstants);
    add(tr("Read R&ules of Your Own…"), m_draft, &Private::chooseRules);
    menu.addSeparator();
    add(tr("&Export the Recording…"), m_draft && m_room.recording(), [this] { m_whatIf->chooseExport(); });
    add(tr("&Load a Recording…"), m_draft, [this] { m_whatIf->chooseLoad(); });
}

} // namespace pulsedeck
