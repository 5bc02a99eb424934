// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/messageform.h"

#include "ui/hub/jsonedit.h"
#include "ui/sources/unlockquestion.h"
#include "ui/theme/glyphmark.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QStringListModel>

using namespace Qt::StringLiterals;

namespace pulsedeck {

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
    m_way->setItemData(0, tr("The hub says whether it was delivered; the actor may answer in a message of its own"),
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
        {&m_capability, u"messageCapability"_s, tr("Capability"), tr("anything: every actor"), m_capabilities},
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
    m_data->setMinimumHeight(t.scaled(52));
    m_data->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);

    const auto label = [this](const QString &text, QWidget *buddy) {
        auto *made = new QLabel(text, this);
        made->setBuddy(buddy);
        return made;
    };
    m_targetLabel = label({}, m_to);
    auto *first = new QHBoxLayout;
    first->setSpacing(t.scaled(8));
    first->addWidget(m_way);
    first->addWidget(m_targetLabel);
    first->addWidget(m_target, 3);
    first->addWidget(label(tr("Ty&pe"), m_type));
    first->addWidget(m_type, 2);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(t.scaled(16), t.scaled(12), t.scaled(16), t.scaled(10));
    grid->setHorizontalSpacing(t.scaled(8));
    grid->setVerticalSpacing(t.scaled(7));
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
    const Theme &t = Theme::instance();
    m_foot = new QStackedWidget(this);
    m_foot->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);

    auto *form = new QWidget(m_foot);
    m_mark = new GlyphMark(Glyph::Lock, 13, form);
    m_message = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, form);
    m_message->setObjectName(u"messageProblem"_s);
    m_message->setElideMode(Qt::ElideRight);
    m_size = new ToneLabel(ToneLabel::Tone::Faint, ToneLabel::Face::Small, form);
    m_size->setObjectName(u"messageSize"_s);
    m_unlock = new QPushButton(tr("Unloc&k for 5 min"), form);
    m_unlock->setObjectName(u"messageUnlock"_s);
    m_unlock->setAutoDefault(false);
    m_send = new QPushButton(form);
    m_send->setObjectName(u"messageSend"_s);
    setButtonRole(m_send, ButtonRole::Primary);
    auto *row = new QHBoxLayout(form);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(t.scaled(8));
    row->addWidget(m_mark);
    row->addWidget(m_message, 1);
    row->addWidget(m_size);
    row->addWidget(m_unlock);
    row->addWidget(m_send);

    auto *question = new QWidget(m_foot);
    auto *warning = new GlyphMark(Glyph::Warning, 13, question);
    m_question = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, question);
    m_question->setObjectName(u"broadcastQuestion"_s);
    m_question->setElideMode(Qt::ElideRight);
    m_cancel = new QPushButton(tr("Ca&ncel"), question);
    m_cancel->setObjectName(u"broadcastCancel"_s);
    m_confirm = new QPushButton(question);
    m_confirm->setObjectName(u"broadcastConfirm"_s);
    m_confirm->setAutoDefault(false);
    setButtonRole(m_confirm, ButtonRole::Act);
    auto *questionRow = new QHBoxLayout(question);
    questionRow->setContentsMargins(0, 0, 0, 0);
    questionRow->setSpacing(t.scaled(8));
    questionRow->addWidget(warning);
    questionRow->addWidget(m_question, 1);
    questionRow->addWidget(m_cancel);
    questionRow->addWidget(m_confirm);

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
