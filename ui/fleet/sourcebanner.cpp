// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/sourcebanner.h"

#include "ui/fleet/fleetwords.h"
#include "ui/sources/sourcewords.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

SourceBannerLine::SourceBannerLine(QWidget *parent)
    : QWidget(parent)
    , m_name(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, this))
    , m_words(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_more(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
    , m_retry(new QPushButton(u"Retry now"_s, this))
    , m_edit(new QPushButton(u"Edit…"_s, this))
{
    const Theme &measures = Theme::instance();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(measures.scaled(32), measures.scaled(3), measures.scaled(8), measures.scaled(4));
    layout->setSpacing(measures.scaled(8));
    m_words->setElideMode(Qt::ElideRight);
    layout->addWidget(m_name);
    layout->addWidget(m_words, 1);
    layout->addWidget(m_more);
    layout->addWidget(m_retry);
    layout->addWidget(m_edit);
    for (QPushButton *button : {m_retry, m_edit}) {
        button->setFont(measures.smallFont());
        button->setFocusPolicy(Qt::TabFocus);
    }
    const QMargins margins = layout->contentsMargins();
    setMinimumHeight(m_retry->sizeHint().height() + margins.top() + margins.bottom()); // As high without its buttons.
    connect(m_retry, &QPushButton::clicked, this, [this] { emit retryRequested(m_source); });
    connect(m_edit, &QPushButton::clicked, this, [this] { emit editRequested(m_source); });
}

void SourceBannerLine::showSource(const QString &name, const SourceStatus &status, qint64 now, bool hasRows, int more)
{
    m_source = status.source;
    const QString text = sourceBannerText(status, now, hasRows);
    m_text = name + u": "_s + text;
    m_name->setText(name);
    m_words->setText(text);
    m_words->setToolTip(text);
    m_more->setText(more > 0 ? QString(u"and "_s + countedWord(more, u"more source"_s)) : QString());
    m_more->setVisible(more > 0);
    m_retry->setEnabled(status.state != SourceState::Connecting);
    m_retry->setVisible(!status.isConnected()); // What is wrong though it is connected no retry mends.
    m_edit->setVisible(status.state == SourceState::Failed || status.state == SourceState::Waiting);
    setAccessibleName(m_text);
}

void SourceBannerLine::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), blended(tokens.win, tokens.lateTint, tokens.dark ? 0.28 : 0.35));
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
    painter.fillRect(QRect(0, 0, 3, height() - 1), tokens.late);
    paintGlyph(painter, QPointF(measures.scaled(18), (height() - 1) / 2.0), measures.scaled(14), Glyph::Warning);
}

SourceBanner::SourceBanner(const FleetStore &store, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (int i = 0; i < maxLines; ++i) {
        auto *line = new SourceBannerLine(this);
        layout->addWidget(line);
        line->hide();
        connect(line, &SourceBannerLine::retryRequested, this, &SourceBanner::retryRequested);
        connect(line, &SourceBannerLine::editRequested, this, &SourceBanner::editRequested);
        m_lines.push_back(line);
    }
    connect(&store, &FleetStore::sourceChanged, this, &SourceBanner::review);
    connect(&store, &FleetStore::sourceRemoved, this, &SourceBanner::review);
    m_timer.setInterval(500); // For the countdown to the next try.
    connect(&m_timer, &QTimer::timeout, this, &SourceBanner::review);
    review();
}

QString SourceBanner::lineText(int line) const
{
    return line < m_shown ? m_lines[size_t(line)]->text() : QString();
}

void SourceBanner::setSilent(SourceId source)
{
    if (source == m_silent)
        return;
    m_silent = source;
    review();
}

void SourceBanner::review()
{
    std::vector<SourceStatus> troubled;
    for (const SourceId id : m_store.sources()) {
        const SourceStatus status = m_store.sourceStatus(id);
        if (id != m_silent && m_store.isSourceVisible(id) && wantsBanner(status))
            troubled.push_back(status);
    }
    m_shown = qMin(maxLines, int(troubled.size()));
    for (int i = 0; i < maxLines; ++i) {
        SourceBannerLine *line = m_lines[size_t(i)];
        if (i < m_shown) {
            const SourceStatus &status = troubled[size_t(i)];
            const int more = i == maxLines - 1 ? int(troubled.size()) - maxLines : 0;
            line->showSource(m_store.sourceName(status.source), status, m_store.viewNow(),
                             m_store.sourceWorkerCount(status.source) > 0, more);
        }
        line->setVisible(i < m_shown);
    }
    setVisible(m_shown > 0);
    if (m_shown == 0)
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start();
}

} // namespace pulsedeck
