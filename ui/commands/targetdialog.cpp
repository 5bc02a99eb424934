// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/targetdialog.h"

#include "models/commands/commandwords.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/bytesview.h"
#include "ui/common/commandtexts.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestTargetReason = 500;

} // namespace

TargetDialog::TargetDialog(const CommandContext &context, Act act, const std::vector<CommandTarget> &targets, QWidget *parent)
    : QDialog(parent)
    , m_context(context)
    , m_act(act)
    , m_targets(targets)
{
    setObjectName(u"targetDialog"_s);
    m_title = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Title, this))->named(u"question"_s)->wrapped();
    m_meaning = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))->named(u"meaning"_s)->wrapped();
    m_leftOut = (new ToneLabel(ToneLabel::Tone::Late, ToneLabel::Face::Body, this))->named(u"leftOutList"_s)->wrapped();
    m_bytesButton = new QToolButton(this);
    m_bytesButton->setObjectName(u"showBytes"_s);
    m_bytesButton->setText(tr("Show bytes"));
    m_bytesButton->setToolTip(tr("The exact words that will be written (Ctrl+B)"));
    m_bytesButton->setAutoRaise(true);
    m_bytesButton->setCheckable(true);
    m_bytesButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_bytesButton->setFocusPolicy(Qt::TabFocus);
    m_bytes = new BytesView(this);
    m_reason = new QLineEdit(this);
    m_reason->setObjectName(u"reason"_s);
    m_reason->setMaxLength(longestTargetReason);
    m_reason->setAccessibleName(tr("Reason, kept in the journal"));
    m_confirmText = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))->wrapped();
    m_confirm = new QLineEdit(this);
    m_confirm->setObjectName(u"confirm"_s);
    m_confirm->setFont(Theme::instance().idFont());
    m_state = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))->named(u"verdict"_s)->elided();
    auto *cancel = plainButton(tr("Cancel"), u"cancel"_s, this);
    m_button = plainButton({}, u"act"_s, this, ButtonRole::Act);

    auto *column = vbox(this, 8, {24, 18, 24, 14});
    addWidgets(column, {m_title, m_meaning, m_leftOut});
    column->addWidget(m_bytesButton, 0, Qt::AlignLeft);
    column->addWidget(m_bytes);
    auto *title = new ToneLabel(tr("Reason"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, this);
    title->setBuddy(m_reason);
    auto *reason = hbox(12);
    reason->addWidget(title);
    reason->addWidget(m_reason, 1);
    column->addLayout(reason);
    addWidgets(column, {m_confirmText, m_confirm});
    column->addStretch(1);
    auto *footer = hbox(9);
    footer->addWidget(m_state, 1);
    addWidgets(footer, {cancel, m_button});
    column->addLayout(footer);
    resize(px(540), sizeHint().height());

    connect(m_bytesButton, &QToolButton::toggled, this, &TargetDialog::showBytes);
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_B), this), &QShortcut::activated, m_bytesButton, &QToolButton::click);
    connect(m_reason, &QLineEdit::textChanged, this, &TargetDialog::refresh);
    connect(m_confirm, &QLineEdit::textChanged, this, &TargetDialog::refresh);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_button, &QPushButton::clicked, this, &TargetDialog::submit);
    connect(&context.store, &FleetStore::sourceChanged, this, &TargetDialog::refresh);
    connect(&context.access, &WriteAccess::changed, this, &TargetDialog::refresh);
    refresh();
    m_reason->setFocus(Qt::OtherFocusReason);
}

QString TargetDialog::confirmWord() const
{
    return m_preview.production.empty() ? QString() : m_context.store.sourceName(m_preview.production.front());
}

QString TargetDialog::verdict() const
{
    if (m_preview.isEmpty())
        return tr("Nothing to command");
    for (const SourceId source : m_preview.sources) {
        if (!m_context.access.allows(source))
            return tr("Writing is locked");
    }
    if (const QString word = confirmWord(); !word.isEmpty() && m_confirm->text().trimmed() != word)
        return tr("Production: type %1").arg(word);
    if (m_preview.asksForReason() && m_reason->text().trimmed().isEmpty())
        return tr("A reason is required");
    return {};
}

void TargetDialog::refresh()
{
    m_preview = previewTargets(m_context.store, m_context.access, m_act, m_targets);
    const QString question = targetQuestion(m_preview, m_context.store);
    setWindowTitle(question.chopped(1));
    m_title->setText(question);
    const QString own = m_targets.empty() ? QString() : traitText(m_targets.front().traits->of(m_act).means);
    m_meaning->setText((own.isEmpty() ? actMeaning(m_act, int(m_targets.size())) : own) + u' ' + actText(actRow(m_act).undoText));
    QStringList out;
    for (const TargetPreview::LeftOut &one : m_preview.leftOut)
        out.append(tr("%1: %2").arg(m_context.store.sourceName(one.target.source), exclusionText(one.why)));
    m_leftOut->setText(out.join(u'\n'));
    m_leftOut->setVisible(!out.isEmpty());
    m_reason->setPlaceholderText(m_preview.asksForReason() ? tr("Why? Required, and kept in the journal")
                                                           : tr("Optional, kept in the journal"));
    const QString word = confirmWord();
    m_confirmText->setText(tr("%1 is production: type its name to continue.").arg(word));
    m_confirmText->setVisible(!word.isEmpty());
    m_confirm->setVisible(!word.isEmpty());
    showBytes();
    const QString missing = verdict();
    m_state->setText(missing);
    m_button->setEnabled(missing.isEmpty());
    m_button->setToolTip(missing);
    m_button->setText(m_targets.empty() ? actTitle(m_act) : m_targets.front().traits->actLabel(m_act));
}

void TargetDialog::showBytes()
{
    QStringList lines;
    for (const CommandTarget &target : m_preview.acting)
        lines += commandBytes(*target.traits, m_act, {}, target.queue);
    m_bytesButton->setVisible(!lines.isEmpty());
    m_bytesButton->setIcon(glyphIcon(m_bytesButton->isChecked() ? Glyph::ChevronDown : Glyph::ChevronRight, theme().dim));
    m_bytes->setVisible(!lines.isEmpty() && m_bytesButton->isChecked());
    m_bytes->setText(lines.join(u'\n'));
}

void TargetDialog::submit()
{
    refresh();
    if (!verdict().isEmpty())
        return;
    CommandRequest request;
    request.act = m_act;
    request.targets = m_preview.acting;
    request.reason = m_reason->text().trimmed();
    m_context.access.touch(m_preview.sources);
    emit issued(m_context.ledger.issue(request));
    accept();
}

void TargetDialog::keyPressEvent(QKeyEvent *event)
{
    // Enter presses the button that has the keyboard and no other one.
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        event->accept();
        auto *button = qobject_cast<QPushButton *>(focusWidget());
        if (button && button->isEnabled() && !event->isAutoRepeat())
            button->click();
        else if (!button && m_button->isEnabled())
            m_button->setFocus(Qt::OtherFocusReason);
        return;
    }
    QDialog::keyPressEvent(event);
}

} // namespace pulsedeck
