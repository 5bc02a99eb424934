// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/troublepanel.h"

#include "ui/common/boxes.h"
#include "ui/common/sourcewords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QPushButton>

namespace pulsedeck {

TroublePanel::TroublePanel(QWidget *parent)
    : Band(Qt::BottomEdge, Ground::Base, parent)
    , m_message(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_hint(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_password(new QPushButton(tr("Enter &password…"), this))
    , m_edit(new QPushButton(tr("Edit…"), this))
    , m_retry(new QPushButton(tr("Try &now"), this))
{
    for (ToneLabel *label : {m_message, m_hint}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    setButtonRole(m_password, ButtonRole::Primary);
    m_password->setObjectName(QStringLiteral("enterPassword"));
    connect(m_password, &QPushButton::clicked, this, &TroublePanel::passwordRequested);
    connect(m_edit, &QPushButton::clicked, this, &TroublePanel::editRequested);
    connect(m_retry, &QPushButton::clicked, this, &TroublePanel::retryRequested);

    auto *words = vbox(3);
    addWidgets(words, {m_message, m_hint});
    auto *row = hbox(this, 8, {16, 10, 16, 10});
    row->addLayout(words, 1);
    row->addWidget(m_retry, 0, Qt::AlignVCenter);
    row->addWidget(m_edit, 0, Qt::AlignVCenter);
    row->addWidget(m_password, 0, Qt::AlignVCenter);
    hide();
}

void TroublePanel::setStatus(const SourceStatus &status)
{
    m_state = status.state;
    const bool shown = isTrouble(status.state) || !status.message.isEmpty();
    setVisible(shown);
    if (!shown)
        return;
    m_message->setText(status.message.isEmpty() ? tr("The connection is lost") : status.message);
    m_hint->setText(status.hint);
    m_hint->setVisible(!status.hint.isEmpty());
    const bool failed = status.state == SourceState::Failed;
    m_password->setVisible(isLoginTrouble(status));
    m_password->setText(tr("Enter &%1…").arg(traitText(status.traits->secret)));
    m_edit->setVisible(failed);
    m_retry->setVisible(failed || status.state == SourceState::Waiting || status.state == SourceState::Stalled);
    update();
}

void TroublePanel::paintEvent(QPaintEvent *event)
{
    Band::paintEvent(event);
    QPainter painter(this);
    painter.fillRect(0, 0, 3, height(), m_state == SourceState::Failed ? theme().stale : theme().late);
}

} // namespace pulsedeck
