// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hubmessagetab.h"

#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/hub/messageform.h"
#include "ui/hub/messagehistory.h"
#include "ui/hub/topicbar.h"
#include "ui/theme/theme.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace pulsedeck {

HubMessageTab::HubMessageTab(const HubContext &context, QWidget *parent)
    : QWidget(parent)
    , m_form(new MessageForm(context, this))
    , m_topics(new TopicBar(context, this))
    , m_history(new MessageHistory(context, this))
{
    auto *lower = new QWidget(this);
    auto *band = new Band(Qt::TopEdge, Band::Ground::Chrome, lower);
    auto *inBand = new QVBoxLayout(band);
    inBand->setContentsMargins(0, 1, 0, 0);
    inBand->addWidget(m_topics);
    auto *lowerColumn = vbox(lower, 0);
    lowerColumn->addWidget(band);
    lowerColumn->addWidget(m_history, 1);
    m_history->setMinimumHeight(px(120));

    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("messagesSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_form);
    splitter->addWidget(lower);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({px(210), px(440)});
    auto *column = vbox(this);
    column->addWidget(splitter);
    setFocusProxy(m_form);

    connect(m_form, &MessageForm::sent, m_history, &MessageHistory::chooseNewestSent);
    connect(m_history, &MessageHistory::replyRequested, this, [this](const QString &address) {
        m_form->setTo(address);
        m_form->focusFirst();
    });
}

void HubMessageTab::setHub(SourceId source)
{
    m_form->setHub(source);
    m_topics->setHub(source);
    m_history->setHub(source);
}

void HubMessageTab::refresh()
{
    m_form->refresh();
    m_topics->refresh();
}

} // namespace pulsedeck
