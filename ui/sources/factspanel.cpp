// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/factspanel.h"

#include "models/fleet/fleetevents.h"
#include "ui/fleet/fleetwords.h"
#include "ui/sources/sourcewords.h"
#include "ui/theme/glyphmark.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString seconds(qint64 ms)
{
    return QString::number(double(ms) / 1000.0, 'g', 6) + u" s"_s;
}

} // namespace

FactsPanel::FactsPanel(QWidget *parent)
    : QWidget(parent)
    , m_form(new QFormLayout)
    , m_limits(new QWidget(this))
    , m_limitsLayout(new QVBoxLayout(m_limits))
{
    const Theme &t = Theme::instance();
    const QString titles[FactCount]{tr("Address"),         tr("Login"),  tr("Encryption"), tr("Server"), tr("Workers"),
                                    tr("Updates"),         tr("Rate"),   tr("Round trip"), tr("Lag"),    tr("Clock"),
                                    tr("Timing in force"), tr("Writing")};
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setHorizontalSpacing(t.scaled(14));
    m_form->setVerticalSpacing(t.scaled(9));
    for (int i = 0; i < FactCount; ++i) {
        Line &line = m_lines[i];
        line.row = new QWidget(this);
        line.value =
            new ToneLabel(ToneLabel::Tone::Text, i == Address ? ToneLabel::Face::Id : ToneLabel::Face::Body, line.row);
        line.note = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, line.row);
        line.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        line.note->setElideMode(Qt::ElideRight);
        if (i == Address)
            line.value->setElideMode(Qt::ElideMiddle);
        auto *row = new QHBoxLayout(line.row);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(t.scaled(8));
        row->addWidget(line.value);
        row->addWidget(line.note, 1);
        m_form->addRow(new ToneLabel(titles[i], ToneLabel::Tone::Dim, ToneLabel::Face::Body, this), line.row);
    }
    m_limitsLayout->setContentsMargins(0, 0, 0, 0);
    m_limitsLayout->setSpacing(t.scaled(6));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(t.scaled(16), t.scaled(16), t.scaled(16), t.scaled(16));
    column->setSpacing(t.scaled(16));
    column->addLayout(m_form);
    column->addWidget(m_limits);
    column->addStretch(1);
}

void FactsPanel::set(Fact fact, const QString &value, const QString &note)
{
    Line &line = m_lines[fact];
    m_form->setRowVisible(line.row, !value.isEmpty());
    line.value->setText(value);
    line.value->setAccessibleName(note.isEmpty() ? value : QString(value + u", "_s + note));
    line.note->setText(note);
}

void FactsPanel::setFacts(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access, int workers,
                          qint64 now)
{
    const bool connected = status.isConnected();
    const bool steady = connected && status.state != SourceState::Loading;
    set(Address, settings.address(), settings.demo ? tr("the embedded demo fleet") : QString());
    QString login = settings.user.isEmpty() ? tr("default user") : tr("user %1").arg(settings.user);
    if (settings.user.isEmpty() && settings.password.isEmpty())
        login = tr("none");
    set(Login, login, settings.password.isEmpty() ? QString() : tr("with a password, kept until Pulsedeck closes"));
    const bool network = settings.socketPath.isEmpty();
    set(Encryption,
        !network       ? QString()
        : settings.tls ? tr("TLS")
                       : tr("none"),
        settings.tls && !settings.caFile.isEmpty()
            ? tr("trusting %1 besides the system").arg(QFileInfo(settings.caFile).fileName())
            : QString());
    set(Server, status.server);
    set(Workers, groupedNumber(workers),
        connected || workers == 0 ? QString() : tr("as they were when the connection ended"));
    if (status.state == SourceState::Live)
        set(Updates, tr("push"), tr("client tracking announces every change"));
    else if (status.state == SourceState::Sweeping)
        set(Updates, tr("sweep every %1").arg(durationText(status.sweepEveryMs)),
            tr("push is not to be had; the whole fleet is read"));
    else
        set(Updates, connected ? sourceStateText(status, now) : QString());
    set(Rate,
        steady ? QString(QString::number(status.updatesPerSecond, 'f', status.updatesPerSecond < 100 ? 1 : 0) + u"/s"_s)
               : QString(),
        tr("workers read"));
    set(RoundTrip, steady && status.roundTripMs != unknownValue
                       ? QString(QString::number(status.roundTripMs) + u" ms"_s)
                       : QString());
    set(Lag, steady && status.lagMs != unknownValue ? durationText(status.lagMs) : QString(),
        tr("from a change in Redis to here"));
    set(Clock, status.clockKnown ? offsetText(status.clockOffsetMs) : QString(), tr("Redis against this computer"));
    const TimingProfile &p = status.timing;
    set(Timing, p.name,
        tr("heartbeat %1 · late after %2 · stale after %3 · key TTL %4")
            .arg(seconds(p.heartbeatInterval), seconds(p.lateAfterMs()), seconds(p.reaperStaleThreshold),
                 seconds(p.workerKeyTtl)));
    const auto [writing, why] = writingWords(settings, status, access);
    set(Writing, writing, why);
    setLimits(status);
}

void FactsPanel::setLimits(const SourceStatus &status)
{
    const QStringList limits = status.limits + missingRights(status);
    if (limits == m_shownLimits)
        return;
    m_shownLimits = limits;
    while (QLayoutItem *item = m_limitsLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (m_shownLimits.isEmpty())
        return;
    m_limitsLayout->addWidget(
        new ToneLabel(tr("Limits of this account or server"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, m_limits));
    for (const QString &limit : std::as_const(m_shownLimits)) {
        auto *line = new QWidget(m_limits);
        auto *row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(Theme::instance().scaled(8));
        auto *text = new ToneLabel(limit, ToneLabel::Tone::Text, ToneLabel::Face::Body, line);
        text->setWordWrap(true);
        text->setTextInteractionFlags(Qt::TextSelectableByMouse);
        row->addWidget(new GlyphMark(Glyph::Warning, 12, line), 0, Qt::AlignTop);
        row->addWidget(text, 1);
        m_limitsLayout->addWidget(line);
    }
}

} // namespace pulsedeck
