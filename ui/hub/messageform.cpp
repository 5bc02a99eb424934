// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/messageform.h"
#include "models/commands/writeaccess.h"
#include "models/core/format.h"
#include "models/hub/hubstore.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/fleetwords.h"
#include "ui/common/glyphmark.h"
#include "ui/common/hubwords.h"
#include "ui/common/tonelabel.h"
#include "ui/common/unlockquestion.h"
#include "ui/hub/jsonedit.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QStringListModel>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostSuggestions = 50;
constexpr qsizetype checkedAtOnce = 64 * 1024; ///< Characters; more is checked when the typing rests.
constexpr int mostReached = 1'000; ///< A hub refuses to broadcast to more.
constexpr int footForm = 0;
constexpr int footQuestion = 1;

} // namespace

MessageForm::MessageForm(const HubContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
{
    constexpr int restMs = 200;
    m_checkSoon.setSingleShot(true);
    m_checkSoon.setInterval(restMs);
    connect(&m_checkSoon, &QTimer::timeout, this, &MessageForm::check);
    buildFields();
    buildFoot();
    connect(&context.hubs, &HubStore::hubRemoved, this, [this](SourceId source) { m_drafts.erase(source); });
    connect(&context.access, &WriteAccess::changed, this, &MessageForm::refresh);
    setDraft({});
}

MessageDraft MessageForm::draft() const
{
    MessageDraft draft;
    draft.kind = HubCall::Kind(m_way->currentData().toInt());
    draft.to = m_to->text();
    draft.capability = m_capability->text();
    draft.topic = m_topic->text();
    draft.type = m_type->text();
    draft.data = m_data->toPlainText();
    return draft;
}

void MessageForm::setDraft(const MessageDraft &draft)
{
    m_filling = true;
    m_way->setCurrentIndex(m_way->findData(int(draft.kind)));
    m_to->setText(draft.to);
    m_capability->setText(draft.capability);
    m_topic->setText(draft.topic);
    m_type->setText(draft.type);
    m_data->setPlainText(draft.data);
    m_filling = false;
    ask(false);
    check();
}

void MessageForm::setHub(SourceId source)
{
    if (m_source == source)
        return;
    if (m_source != 0)
        m_drafts[m_source] = draft();
    m_source = source;
    const auto kept = m_drafts.find(source);
    setDraft(kept == m_drafts.end() ? MessageDraft() : kept->second);
}

void MessageForm::setTo(const QString &address)
{
    const auto kind = HubCall::Kind(m_way->currentData().toInt());
    if (kind != HubCall::Kind::Ask && kind != HubCall::Kind::Tell)
        m_way->setCurrentIndex(m_way->findData(int(HubCall::Kind::Ask)));
    m_to->setText(address);
}

void MessageForm::focusFirst()
{
    if (m_target->currentWidget()->property("text").toString().isEmpty())
        m_target->currentWidget()->setFocus();
    else if (m_type->text().isEmpty())
        m_type->setFocus();
    else
        m_data->setFocus();
}

void MessageForm::onEdited()
{
    if (m_filling)
        return;
    ask(false); // The question was about another message.
    if (m_data->document()->characterCount() > checkedAtOnce)
        m_checkSoon.start();
    else
        check();
}

void MessageForm::check()
{
    m_checkSoon.stop();
    const QString text = m_data->toPlainText();
    // What is too large for any hub is not even read.
    m_input = text.size() > hubMessageLimit ? JsonInput() : readJson(text);
    HubCall message = call();
    m_bytes = hubMessageBytes(message);
    if (text.size() > hubMessageLimit)
        m_bytes += text.toUtf8().size();
    review();
}

HubCall MessageForm::call() const
{
    HubCall call;
    call.kind = HubCall::Kind(m_way->currentData().toInt());
    call.type = m_type->text().trimmed();
    call.data = m_input.value;
    call.exact = m_input.exact;
    if (call.kind == HubCall::Kind::Publish)
        call.target = m_topic->text().trimmed();
    else if (call.kind == HubCall::Kind::Broadcast)
        call.capability = m_capability->text().trimmed();
    else
        call.target = m_to->text().trimmed();
    return call;
}

/// What is wrong with what was typed.
QString MessageForm::problem() const
{
    if (!m_input.problem.isEmpty())
        return tr("Line %1, column %2: %3").arg(m_input.line).arg(m_input.column).arg(m_input.problem);
    if (m_bytes > hubMessageLimit)
        return tr("Too large: the hub would end the connection.");
    return {};
}

/// What is missing still, or what is good to know before it is sent.
QString MessageForm::hint() const
{
    const HubCall message = call();
    if (message.kind == HubCall::Kind::Publish && message.target.isEmpty())
        return tr("Enter a topic.");
    if (message.kind != HubCall::Kind::Publish && message.kind != HubCall::Kind::Broadcast && message.target.isEmpty())
        return tr("Enter an actor's address.");
    if (message.type.isEmpty())
        return tr("Enter a type, such as task:assign.");
    return {};
}

QString MessageForm::whyNot() const
{
    if (!m_context.hubs.has(m_source))
        return tr("There is no hub.");
    if (const QString wrong = problem(); !wrong.isEmpty())
        return wrong;
    // Any act asks for the same: unlocked, connected.
    if (const QString locked = m_context.access.whyNot(m_source, Act::Drain); !locked.isEmpty())
        return locked;
    const HubCall message = call();
    if (const QString missing = hint(); !missing.isEmpty())
        return missing;
    if (message.kind == HubCall::Kind::Broadcast) {
        const int reached = reachableActors(m_context.store, m_source, message.capability);
        if (reached == 0)
            return tr("No actor would receive it.");
        if (reached > mostReached)
            return tr("The hub refuses to broadcast to more than %1 actors; this message would go to %2.")
                .arg(groupedNumber(mostReached), groupedNumber(reached));
    }
    return {};
}

bool MessageForm::isLocked() const
{
    return m_context.hubs.has(m_source) && m_context.access.canUnlock(m_source);
}

void MessageForm::refresh()
{
    review();
}

void MessageForm::review()
{
    const auto kind = HubCall::Kind(m_way->currentData().toInt());
    const int page = kind == HubCall::Kind::Publish ? 2 : kind == HubCall::Kind::Broadcast ? 1 : 0;
    m_target->setCurrentIndex(page);
    const QString labels[]{tr("T&o"), tr("Can d&o"), tr("T&opic")};
    m_targetLabel->setText(labels[page]);
    m_targetLabel->setBuddy(m_target->currentWidget());

    const QString wrong = problem();
    const QString reason = whyNot();
    const bool locked = !m_context.access.whyNot(m_source, Act::Drain).isEmpty();
    setInvalid(m_data, !m_input.problem.isEmpty());
    QString text = reason;
    if (text.isEmpty() && kind == HubCall::Kind::Tell)
        text = tr("A tell is not acknowledged: it stays unknown whether it arrived.");
    else if (text.isEmpty() && kind == HubCall::Kind::Ask
             && m_context.store.find(m_source, m_to->text().trimmed().toUtf8()) == noWorker)
        text = tr("This address is not in the list of actors read last.");
    m_message->setText(text);
    m_message->setTone(wrong.isEmpty() ? ToneLabel::Tone::Dim : ToneLabel::Tone::Stale);
    m_mark->setGlyph(!wrong.isEmpty() ? Glyph::Error : Glyph::Lock);
    m_mark->setVisible(!wrong.isEmpty() || locked);
    m_size->setText(tr("about %1 of %2 bytes").arg(groupedNumber(m_bytes), groupedNumber(hubMessageLimit)));
    m_size->setTone(m_bytes > hubMessageLimit ? ToneLabel::Tone::Stale : ToneLabel::Tone::Faint);
    m_send->setEnabled(reason.isEmpty());
    const bool stood = window()->focusWidget() == m_unlock && !m_unlock->isHidden();
    m_unlock->setVisible(isLocked());
    if (stood && m_unlock->isHidden()) // The keyboard goes on to what was opened.
        (m_send->isEnabled() ? static_cast<QWidget *>(m_send) : m_data)->setFocus();
    m_send->setToolTip(reason.isEmpty() ? tr("Ctrl+Return") : reason);
    m_send->setAccessibleDescription(reason);
    m_send->setText(kind == HubCall::Kind::Broadcast ? tr("Se&nd…") : tr("Se&nd"));
    if (m_foot->currentIndex() == footQuestion) {
        if (reason.isEmpty())
            ask(true); // The number may have changed.
        else
            ask(false);
    }
}

void MessageForm::suggest(const QString &part)
{
    m_addresses->setStringList(actorsLike(m_context.store, m_source, part, mostSuggestions));
    m_capabilities->setStringList(knownCapabilities(m_context.store, m_source, mostSuggestions));
}

void MessageForm::ask(bool confirming)
{
    const bool was = m_foot->currentIndex() == footQuestion;
    if (confirming) {
        const QString capability = m_capability->text().trimmed();
        const int reached = reachableActors(m_context.store, m_source, capability);
        m_question->setText(capability.isEmpty() ? tr("It goes to every actor: %Ln actor(s).", nullptr, reached)
                                                 : tr("It goes to %Ln actor(s) that can %1.", nullptr, reached).arg(capability));
        m_confirm->setText(tr("&Broadcast to %Ln actor(s)", nullptr, reached));
    }
    if (was == confirming)
        return;
    const bool hadFocus = m_cancel->hasFocus() || m_confirm->hasFocus();
    m_foot->setCurrentIndex(confirming ? footQuestion : footForm);
    // Cancel has the keyboard, so that Return pressed twice sends nothing.
    if (confirming)
        m_cancel->setFocus();
    else if (hadFocus)
        m_data->setFocus();
}

void MessageForm::send()
{
    if (m_checkSoon.isActive())
        check();
    if (!whyNot().isEmpty() || m_foot->currentIndex() == footQuestion) {
        review();
        return;
    }
    if (HubCall::Kind(m_way->currentData().toInt()) == HubCall::Kind::Broadcast)
        ask(true);
    else
        reallySend();
}

void MessageForm::reallySend()
{
    if (!whyNot().isEmpty()) {
        review();
        return;
    }
    const QUuid id = m_context.hubs.call(m_source, call());
    ask(false);
    emit sent(id);
}

namespace {

constexpr int longestAddress = 512;
constexpr int longestType = 200;
constexpr int mostVisible = 10;

} // namespace

void MessageForm::buildFields()
{
    const Theme &t = Theme::instance();
    m_way = new QComboBox(this);
    m_way->setObjectName(u"messageWay"_s);
    m_way->setAccessibleName(tr("Kind of message"));
    m_way->addItem(tr("Ask one actor"), int(HubCall::Kind::Ask));
    m_way->addItem(tr("Tell one actor"), int(HubCall::Kind::Tell));
    m_way->addItem(tr("Broadcast"), int(HubCall::Kind::Broadcast));
    m_way->addItem(tr("Publish to a topic"), int(HubCall::Kind::Publish));
    m_way->setItemData(0, tr("The hub reports whether it was delivered; the actor may answer with a message of its own"),
                       Qt::ToolTipRole);

    m_target = new QStackedWidget(this);
    m_target->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_addresses = new QStringListModel(this);
    m_capabilities = new QStringListModel(this);
    struct Field
    {
        QLineEdit **edit;
        QString name;
        QString title;
        QString placeholder;
        QStringListModel *completions;
    };
    const Field fields[]{
        {&m_to, u"messageTo"_s, tr("To"), tr("@(local/agent-1)"), m_addresses},
        {&m_capability, u"messageCapability"_s, tr("Capability"), tr("any: every actor"), m_capabilities},
        {&m_topic, u"messageTopic"_s, tr("Topic"), tr("events"), nullptr},
    };
    for (const Field &field : fields) {
        auto *edit = new QLineEdit(m_target);
        edit->setObjectName(field.name);
        edit->setAccessibleName(field.title);
        edit->setPlaceholderText(field.placeholder);
        edit->setMaxLength(longestAddress);
        edit->setFont(t.idFont());
        connect(&Theme::instance(), &Theme::changed, edit, [edit] { edit->setFont(Theme::instance().idFont()); });
        connect(edit, &QLineEdit::textChanged, this, &MessageForm::onEdited);
        if (field.completions) {
            auto *completer = new QCompleter(field.completions, edit);
            completer->setFilterMode(Qt::MatchContains);
            completer->setCaseSensitivity(Qt::CaseSensitive);
            completer->setMaxVisibleItems(mostVisible);
            edit->setCompleter(completer);
        }
        *field.edit = edit;
        m_target->addWidget(edit);
    }
    // The field asks its completer after this signal.
    connect(m_to, &QLineEdit::textEdited, this, &MessageForm::suggest);
    connect(m_capability, &QLineEdit::textEdited, this, [this] { suggest({}); });

    m_type = new QLineEdit(this);
    m_type->setObjectName(u"messageType"_s);
    m_type->setAccessibleName(tr("Type"));
    m_type->setPlaceholderText(u"task:assign"_s);
    m_type->setMaxLength(longestType);
    m_type->setFont(t.idFont());
    connect(&Theme::instance(), &Theme::changed, m_type, [this] { m_type->setFont(Theme::instance().idFont()); });

    m_data = new JsonEdit(JsonEdit::Use::Typed, this);
    m_data->setObjectName(u"messageData"_s);
    m_data->setAccessibleName(tr("Data as JSON"));
    m_data->setPlaceholderText(u"{ }"_s);
    m_data->setMinimumHeight(px(52));
    m_data->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);

    const auto label = [this](const QString &text, QWidget *buddy) {
        auto *made = new QLabel(text, this);
        made->setBuddy(buddy);
        return made;
    };
    m_targetLabel = label({}, m_to);
    auto *first = hbox(8);
    addWidgets(first, {m_way, m_targetLabel});
    first->addWidget(m_target, 3);
    first->addWidget(label(tr("Ty&pe"), m_type));
    first->addWidget(m_type, 2);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(px(16), px(12), px(16), px(10));
    grid->setHorizontalSpacing(px(8));
    grid->setVerticalSpacing(px(7));
    grid->addLayout(first, 0, 0, 1, 2);
    grid->addWidget(m_data, 1, 0, 1, 2);
    grid->setRowStretch(1, 1);

    connect(m_way, &QComboBox::currentIndexChanged, this, &MessageForm::onEdited);
    connect(m_type, &QLineEdit::textChanged, this, &MessageForm::onEdited);
    connect(m_data, &QPlainTextEdit::textChanged, this, &MessageForm::onEdited);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | key), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, &MessageForm::send);
    }
}

void MessageForm::buildFoot()
{
    m_foot = new QStackedWidget(this);
    m_foot->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);

    auto *form = new QWidget(m_foot);
    m_mark = new GlyphMark(Glyph::Lock, 13, form);
    m_message = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, form))->named(u"messageProblem"_s)->elided();
    m_size = (new ToneLabel(ToneLabel::Tone::Faint, ToneLabel::Face::Small, form))->named(u"messageSize"_s);
    m_unlock = plainButton(tr("Unloc&k for 5 min"), u"messageUnlock"_s, form);
    m_send = new QPushButton(form);
    m_send->setObjectName(u"messageSend"_s);
    setButtonRole(m_send, ButtonRole::Primary);
    auto *row = hbox(form, 8);
    row->addWidget(m_mark);
    row->addWidget(m_message, 1);
    addWidgets(row, {m_size, m_unlock, m_send});

    auto *question = new QWidget(m_foot);
    auto *warning = new GlyphMark(Glyph::Warning, 13, question);
    m_question = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, question))->named(u"broadcastQuestion"_s)->elided();
    m_cancel = new QPushButton(tr("Ca&ncel"), question);
    m_cancel->setObjectName(u"broadcastCancel"_s);
    m_confirm = plainButton({}, u"broadcastConfirm"_s, question, ButtonRole::Act);
    auto *questionRow = hbox(question, 8);
    questionRow->addWidget(warning);
    questionRow->addWidget(m_question, 1);
    addWidgets(questionRow, {m_cancel, m_confirm});

    m_foot->addWidget(form);
    m_foot->addWidget(question);
    static_cast<QGridLayout *>(layout())->addWidget(m_foot, 2, 0, 1, 2);
    connect(m_unlock, &QPushButton::clicked, this,
            [this] { UnlockQuestion::ask(m_context.access, m_context.sources, m_context.store, this); });
    connect(m_send, &QPushButton::clicked, this, &MessageForm::send);
    connect(m_cancel, &QPushButton::clicked, this, [this] { ask(false); });
    connect(m_confirm, &QPushButton::clicked, this, &MessageForm::reallySend);
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), question);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, [this] { ask(false); });
}

} // namespace pulsedeck
